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
  // Errors that keep the definition from being saved.
  std::vector<ObjectMessages> fatal;

  // Errors that keep it from being activated.
  std::vector<ObjectMessages> errors;

  // Warnings keep it from neither.
  std::vector<ObjectMessages> warnings;

  // Whether some of the errors are changes that an activated pipeline does not
  // allow: the definition must not be saved then, so that the active one stays
  // valid.
  bool breaks_active = false;

  friend bool operator==(const ValidationReport&,
                         const ValidationReport&) = default;
};

}  // namespace holdline

#endif  // HOLDLINE_SERVER_PIPELINE_VALIDATION_VALIDATION_REPORT_H_
