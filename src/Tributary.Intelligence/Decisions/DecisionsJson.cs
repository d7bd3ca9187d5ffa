using System.Text.Json.Serialization;
using Tributary.Intelligence.Decisions.Backtesting;
using Tributary.Intelligence.Decisions.Rights;

namespace Tributary.Intelligence.Decisions;

/// <summary>JSON of what leaves this project, by source generation.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
[JsonSerializable(typeof(PersonExport))]
[JsonSerializable(typeof(BacktestReport))]
internal sealed partial class DecisionsJson : JsonSerializerContext;
