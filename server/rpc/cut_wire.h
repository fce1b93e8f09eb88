// A connection that can be cut: what happens to clients whose machine, process
// or network is suddenly gone.

#ifndef HOLDLINE_SERVER_RPC_CUT_WIRE_H_
#define HOLDLINE_SERVER_RPC_CUT_WIRE_H_

#include <atomic>
#include <string>
#include <thread>

namespace holdline {

// Passes the bytes of one TCP connection on, both ways, until told otherwise.
class CutWire {
 public:
  // Leads to `target`, which is `127.0.0.1:PORT`.
  explicit CutWire(const std::string& target);

  // Cuts.
  ~CutWire();

  // Where to connect to instead of the target.
  std::string address() const;

  // From now on nothing that the target sends is taken from it.
  void StopAnswers();

  // Closes the connection to the target, as the system does when the process
  // that holds it is killed.
  void Cut();

 private:
  void Run();
  void Pass(int from, int to, const std::atomic<bool>& stopped);

  const int target_port_;
  int port_ = 0;  // set by the making of the listener
  const int listener_;
  std::atomic<int> client_{-1};
  std::atomic<int> server_{-1};
  std::atomic<bool> answers_stopped_{false};
  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_CUT_WIRE_H_
