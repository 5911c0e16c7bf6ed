// The store of earlier results: a directory of the operator's (--history) that
// holds reports, or evidence, of earlier scans as JSON files. What a scan needs
// of them is one line an endpoint. Never taken from the audited tree.
#pragma once

#include <redis_tls_audit/evidence.h>
#include <redis_tls_audit/result.h>

#include <string>
#include <string_view>
#include <vector>

namespace rta {

// What one report or evidence document says; an error when it is neither.
// A report without any live endpoint gives one line for the deployment.
Result<std::vector<EarlierScan>> read_earlier_scan(std::string_view json,
                                                   const std::string& source);

// All earlier scans of the directory that are older than `now`, oldest first;
// files that cannot be read are told in `notes`.
Observation<std::vector<EarlierScan>> read_history(const std::string& directory, Timestamp now,
                                                   std::vector<Gap>& notes);

}  // namespace rta
