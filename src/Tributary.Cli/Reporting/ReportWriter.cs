using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Tributary.Primitives.Results;

namespace Tributary.Cli.Reporting;

/// <summary>
/// How a command says what it found: to a person as text on standard output (errors on standard error), or, with <c>--json</c>, as
/// exactly one JSON document on standard output: the report, or <c>{"error": {"field": …, "reason": …}}</c>.
/// </summary>
internal sealed class ReportWriter
{
    private const int Failed = 1;

    private readonly TextWriter _output;
    private readonly TextWriter _error;

    private ReportWriter(TextWriter output, TextWriter error, bool isJson)
    {
        _output = output;
        _error = error;
        IsJson = isJson;
        Terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        // A pipe has no edge: lines that a program reads are not broken.
        if (Console.IsOutputRedirected)
            Terminal.Profile.Width = int.MaxValue;
        Progress = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(error) });
    }

    /// <summary>Understood by every command.</summary>
    internal static Option<bool> JsonOption { get; } = new("--json")
    {
        Description = "Print one JSON document instead of text.",
        Recursive = true,
    };

    /// <summary>True when the reader is a program.</summary>
    internal bool IsJson { get; }

    /// <summary>Standard output for a person.</summary>
    internal IAnsiConsole Terminal { get; }

    /// <summary>Where long work shows its progress: standard error, so that a report can be piped.</summary>
    internal IAnsiConsole Progress { get; }

    /// <summary>The writer for one invocation.</summary>
    internal static ReportWriter For(ParseResult parsed) =>
        new(parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error, parsed.GetValue(JsonOption));

    /// <summary>Reports success.</summary>
    internal int Report<T>(T report, JsonTypeInfo<T> type, Action<IAnsiConsole, T> show) => Report(report, type, show, exitCode: 0);

    /// <summary>Reports what was found, with the exit code that it stands for.</summary>
    internal int Report<T>(T report, JsonTypeInfo<T> type, Action<IAnsiConsole, T> show, int exitCode)
    {
        if (IsJson)
            _output.WriteLine(JsonSerializer.Serialize(report, type));
        else
            show(Terminal, report);
        return exitCode;
    }

    /// <summary>Reports why nothing was done.</summary>
    internal int Fail(Refusal refusal) => Fail(refusal.Field, refusal.Reason);

    /// <summary>Reports why nothing was done.</summary>
    internal int Fail(string field, string reason)
    {
        if (IsJson)
        {
            var context = new ReportJson(new JsonSerializerOptions(ReportJson.Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
            _output.WriteLine(JsonSerializer.Serialize(new ErrorReport(new ErrorDetail(field, reason)), context.ErrorReport));
        }
        else
        {
            _error.WriteLine($"{field}: {reason}");
        }

        return Failed;
    }
}
