"""What happens to a server, in one way or another."""

import signal
import time

# How long a server stands still at most: shorter than any lease.
STILL_SECONDS = 1.0


def crash(server, chance, ledger):
    """Lets the server come to grief. Returns whether it has ended."""
    way = chance.choice(("SIGKILL", "SIGTERM", "SIGSTOP"))
    ledger.note(way)
    if way == "SIGSTOP":
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(chance.random() * STILL_SECONDS)
        server.process.send_signal(signal.SIGCONT)
        return False
    if way == "SIGKILL":
        server.kill()
    elif (code := server.stop()) != 0:
        ledger.blame(f"a server that was told to stop has exited with {code}")
    return True
