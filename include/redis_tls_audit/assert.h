// RTA_ASSERT states a promise of our own code. It is checked in release
// builds too and ends the process with its place. Input from outside never
// reaches one.
#pragma once

#include <cstdio>
#include <cstdlib>

#define RTA_ASSERT(condition)                                                             \
  do {                                                                                    \
    if (!(condition)) {                                                                   \
      std::fprintf(stderr, "redis-tls-audit: broken invariant at %s:%d: %s\n", __FILE__,  \
                   __LINE__, #condition);                                                 \
      std::abort();                                                                       \
    }                                                                                     \
  } while (false)
