using System.Text.Json;
using Tributary.Cli.Reporting;

namespace Tributary.Cli.Node.Control;

/// <summary>One line back: the report, or why there is none.</summary>
internal sealed record ControlReply(JsonElement? Result, ErrorDetail? Error);
