// The result of validating a definition (DATAPIPELINE section 3.2).

#ifndef HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_REPORT_H_
#define HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_REPORT_H_

#include <string>
#include <vector>

namespace holdline {

// Messages about one object of a definition.
struct ObjectMessages {
  std::string id;
  std::vector<std::string> messages;

  friend bool operator==(const ObjectMessages&,
                         const ObjectMessages&) = default;
};

struct ValidationReport {
  // Errors that prevent saving.
  std::vector<ObjectMessages> fatal;

  // Errors that prevent activation.
  std::vector<ObjectMessages> errors;

  // Warnings prevent neither.
  std::vector<ObjectMessages> warnings;

  // Whether some of the errors are edits that an activated pipeline does not
  // allow: the definition must then not be saved, so that the active one stays
  // valid.
  bool breaks_active = false;

  friend bool operator==(const ValidationReport&,
                         const ValidationReport&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_REPORT_H_
