// What AddressSanitizer's leak checker is told.

extern "C" const char* __lsan_default_suppressions();

// c-ares keeps 30 bytes per process once a target is a host name.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libcares.so\n";
}
