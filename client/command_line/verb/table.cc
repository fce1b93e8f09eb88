#include "client/command_line/verb/table.h"

#include <algorithm>
#include <utility>

#include "server/base/utf8.h"

namespace holdline::client {
namespace {

std::string Shown(std::string cell) {
  return cell.empty() ? "-" : Printable(std::move(cell));
}

}  // namespace

std::string Printable(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](unsigned char byte) { return byte < 0x20 || byte == 0x7f; }, ' ');
  return text;
}

Table::Table(std::vector<std::string> headings) {
  const bool named =
      std::any_of(headings.begin(), headings.end(),
                  [](const std::string& heading) { return !heading.empty(); });
  if (named) rows_.push_back(std::move(headings));
}

void Table::Add(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = Shown(std::move(cell));
  rows_.push_back(std::move(cells));
}

std::string Table::Text(const std::string& indent) const {
  std::vector<size_t> widths;
  for (const std::vector<std::string>& row : rows_) {
    widths.resize(row.size());
    for (size_t i = 0; i < row.size(); ++i) {
      widths[i] = std::max(widths[i], CountCharacters(row[i]));
    }
  }
  std::string text;
  for (const std::vector<std::string>& row : rows_) {
    text += indent;
    for (size_t i = 0; i + 1 < row.size(); ++i) {
      text +=
          row[i] + std::string(widths[i] - CountCharacters(row[i]) + 2, ' ');
    }
    text += row.back() + "\n";
  }
  return text;
}

}  // namespace holdline::client
