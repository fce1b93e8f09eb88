// What ThreadSanitizer is told: how to run, and which reports are not ours.

extern "C" const char* __tsan_default_options();
extern "C" const char* __tsan_default_suppressions();

// Debian's libraries are not instrumented, so what they do is not looked at.
extern "C" const char* __tsan_default_options() {
  return "ignore_noninstrumented_modules=1:history_size=4:halt_on_error=0:"
         "exitcode=66";
}

// gRPC's headers are compiled with our code and so are looked at, while the
// queues inside its library that order their accesses are not. Only accesses
// in gRPC's own functions are excused: a race in a handler is in ours.
extern "C" const char* __tsan_default_suppressions() {
  return "race_top:^grpc::\n"
         "race_top:^grpc_impl::\n"
         "race_top:ServerCallbackUnaryImpl::Finish\n";
}
