// A deleter for std::unique_ptr that calls a C library's own function:
//   using Context = std::unique_ptr<SSL_CTX, FreeWith<SSL_CTX_free>>;
#pragma once

namespace rta {

template <auto Free>
struct FreeWith {
  template <class T>
  void operator()(T* object) const {
    Free(object);
  }
};

}  // namespace rta
