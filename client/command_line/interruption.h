// The signals with which a person ends a program, such as Ctrl-C, for a command
// that has something to put in order first.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_INTERRUPTION_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_INTERRUPTION_H_

#include <signal.h>

#include <thread>

#include "client/cancellation.h"

namespace holdline::client {

// While it lives, the first SIGINT, SIGTERM or SIGHUP cancels `cancellation`
// instead of ending the process; a further one does nothing. Signals that were
// ignored stay so. One at a time.
class Interruption {
 public:
  Interruption();
  ~Interruption();

  Interruption(const Interruption&) = delete;
  Interruption& operator=(const Interruption&) = delete;

  Cancellation& cancellation() { return cancellation_; }

 private:
  static constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

  Cancellation cancellation_;
  struct sigaction before_[3];
  std::thread thread_;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_INTERRUPTION_H_
