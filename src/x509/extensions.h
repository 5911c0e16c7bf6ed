// Reads the extensions of a certificate. For certificate.cpp only.
#pragma once

#include "x509/certificate.h"

struct x509_st;

namespace rta::x509 {

void read_extensions(x509_st* x509, Certificate& certificate);

}  // namespace rta::x509
