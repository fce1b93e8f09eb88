// A connection that can be cut: what happens to clients whose machine, process
// or network is suddenly gone.

#ifndef HOLDLINE_SERVER_RPC_TESTING_CUT_WIRE_H_
#define HOLDLINE_SERVER_RPC_TESTING_CUT_WIRE_H_

#include <atomic>
#include <mutex>
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

  // When this returns, nothing that the target sends is taken from it any more.
  void StopAnswers();

  // Closes the connection to the target, as the system does when the process
  // that holds it is killed.
  void Cut();

 private:
  // What one direction is held at.
  struct Gate {
    std::mutex mutex;
    bool closed = false;
  };

  void Run();
  static void Pass(int from, int to, Gate& gate);

  // Passes on what is there. Returns whether the connection goes on.
  static bool PassSome(int from, int to, Gate& gate);

  const int target_port_;
  int port_ = 0;  // set by the making of the listener
  const int listener_;
  std::atomic<int> client_{-1};
  std::atomic<int> server_{-1};
  Gate requests_;
  Gate answers_;
  std::thread thread_;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_RPC_TESTING_CUT_WIRE_H_
