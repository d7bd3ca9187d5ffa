using System.Text.Json.Serialization;
using Tributary.Cli.Doctor;

namespace Tributary.Cli.Reporting;

/// <summary>Source-generated JSON of the reports that belong to no area.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(DoctorReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
