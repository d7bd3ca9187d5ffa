using System.Text.Json;
using System.Text.Json.Serialization;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Drift;
using Tributary.Intelligence.Reports;

namespace Tributary.Cli.Models;

/// <summary>Source-generated JSON of the model area's reports.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(EvaluationReport))]
[JsonSerializable(typeof(GenerateReport))]
[JsonSerializable(typeof(TrainReport))]
[JsonSerializable(typeof(ExplainReport))]
[JsonSerializable(typeof(DriftReport))]
[JsonSerializable(typeof(BacktestReport))]
[JsonSerializable(typeof(JsonElement))]
internal sealed partial class ModelsJson : JsonSerializerContext;
