// Rows of text with their columns aligned.

#ifndef HOLDLINE_CLIENT_COMMAND_LINE_VERB_TABLE_H_
#define HOLDLINE_CLIENT_COMMAND_LINE_VERB_TABLE_H_

#include <string>
#include <vector>

namespace holdline::client {

// The text with a space for each control character, which could steer a
// terminal.
std::string Printable(std::string text);

class Table {
 public:
  // With a heading for each column, or none at all if all are empty.
  explicit Table(std::vector<std::string> headings);

  // REQUIRES: as many cells as headings.
  void Add(std::vector<std::string> cells);

  // The rows, each ended by a line feed and begun by `indent`. An empty cell is
  // shown as `-`, the others as Printable.
  std::string Text(const std::string& indent = "") const;

 private:
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace holdline::client

#endif  // HOLDLINE_CLIENT_COMMAND_LINE_VERB_TABLE_H_
