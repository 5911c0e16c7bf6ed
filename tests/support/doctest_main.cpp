// The precompiled header has taken doctest's declarations already, so its
// own main cannot be asked for by macro.
#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

int main(int argc, char** argv) { return doctest::Context{argc, argv}.run(); }
