using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Tributary.Cli.Reporting;
using Tributary.Intelligence.Models.Files;

namespace Tributary.Cli.Models;

/// <summary><c>tributary model card</c>: what a model is for, what it was trained on and how good it was.</summary>
internal static class CardCommand
{
    internal static Command Create()
    {
        var model = ModelOptions.Model();
        var form = new Option<string>("--format") { Description = "markdown or html.", DefaultValueFactory = static _ => "markdown" };
        form.AcceptOnlyFromAmong("markdown", "html");
        var command = new Command("card", "Print a model's card: purpose, limits, data, measurements.") { model, form };
        command.SetAction(parsed =>
        {
            var writer = ReportWriter.For(parsed);
            if (!HistoryFile.ReadModel(parsed.GetRequiredValue(model)).TryGet(out var read, out var refusal))
                return writer.Fail(refusal);
            using var document = JsonDocument.Parse(ModelCardRenderer.ToJson(read.File, read.Identity));
            var isHtml = parsed.GetValue(form) is "html";
            return writer.Report(
                document.RootElement,
                ModelsJson.Default.JsonElement,
                (terminal, _) => terminal.WriteLine(isHtml ? ModelCardRenderer.ToHtml(read.File, read.Identity) : ModelCardRenderer.ToMarkdown(read.File, read.Identity)));
        });
        return command;
    }
}
