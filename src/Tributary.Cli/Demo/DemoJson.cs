using System.Text.Json.Serialization;

namespace Tributary.Cli.Demo;

/// <summary>Source-generated JSON of the demo's report.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(DemoReport))]
internal sealed partial class DemoJson : JsonSerializerContext;
