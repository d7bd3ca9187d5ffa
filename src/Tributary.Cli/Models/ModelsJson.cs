using System.Text.Json.Serialization;
using Tributary.Intelligence.Reports;

namespace Tributary.Cli.Models;

/// <summary>Source-generated JSON of the model area's reports.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EvaluationReport))]
internal sealed partial class ModelsJson : JsonSerializerContext;
