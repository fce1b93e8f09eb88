"""A test that clang-tidy has nothing to say about targets' sources."""

_Reports = provider(fields = {"files": "depset of clang-tidy's reports, one a source"})

def _flags(compilation):
    flags = ["-std=c++20"]
    for path in compilation.quote_includes.to_list():
        flags += ["-iquote", path]
    for path in compilation.includes.to_list():
        flags += ["-I", path]
    for path in compilation.system_includes.to_list():
        flags += ["-isystem", path]
    return flags + ["-D" + define for define in compilation.defines.to_list()]

def _check(target, context, source):
    compilation = target[CcInfo].compilation_context
    report = context.actions.declare_file(
        "%s.%s.tidy" % (context.label.name, source.basename),
    )
    context.actions.run_shell(
        outputs = [report],
        inputs = depset(
            [source, context.file._settings],
            transitive = [compilation.headers],
        ),
        command = """
report=$1; shift
clang-tidy-14 --quiet "$@" >"$report" 2>&1 || exit 0
: >"$report"
""",
        arguments = [report.path, source.path, "--"] + _flags(compilation),
        mnemonic = "ClangTidy",
        progress_message = "Looking with clang-tidy at " + source.short_path,
        use_default_shell_env = True,
    )
    return report

def _aspect(target, context):
    reports = []
    if CcInfo in target and target.label.workspace_name == "":
        for attribute in getattr(context.rule.attr, "srcs", []):
            for source in attribute.files.to_list():
                if source.extension == "cc" and source.is_source:
                    reports.append(_check(target, context, source))
    below = [
        dependency[_Reports].files
        for dependency in getattr(context.rule.attr, "deps", [])
        if _Reports in dependency
    ]
    return [_Reports(files = depset(reports, transitive = below))]

_clang_tidy_aspect = aspect(
    implementation = _aspect,
    attr_aspects = ["deps"],
    attrs = {
        "_settings": attr.label(default = "//:.clang-tidy", allow_single_file = True),
    },
)

def _is_wanted(report, folders):
    return not folders or report.dirname.split("/bin/")[-1] in folders

def _test(context):
    reports = depset([
        report
        for target in context.attr.targets
        for report in target[_Reports].files.to_list()
        if _is_wanted(report, context.attr.folders)
    ])
    context.actions.write(context.outputs.executable, """#!/bin/sh
for report in {reports}; do
  cat "$report"
  [ ! -s "$report" ] || code=1
done
exit ${{code:-0}}
""".format(reports = " ".join([file.short_path for file in reports.to_list()])))
    return [DefaultInfo(runfiles = context.runfiles(transitive_files = reports))]

# Looks at each source of `targets` and of what they depend on, if it is in one
# of `folders` or these are not given. Each file is looked at once for as long
# as it and what it includes stay as they are.
clang_tidy_test = rule(
    implementation = _test,
    attrs = {
        "targets": attr.label_list(aspects = [_clang_tidy_aspect]),
        "folders": attr.string_list(),
    },
    test = True,
)
