using System.Text.Json.Serialization;
using Tributary.Cli.Backups;
using Tributary.Cli.Doctor;
using Tributary.Cli.Up;

namespace Tributary.Cli.Reporting;

/// <summary>Source-generated JSON of the reports that belong to no area.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ErrorReport))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(UpReport))]
[JsonSerializable(typeof(BackupReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
