using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tributary.Cli.Rollup.Views;
using Tributary.Rollup.Api;

namespace Tributary.Cli.Rollup;

/// <summary>Source-generated JSON of the reports of a rollup.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(InitView))]
[JsonSerializable(typeof(RunView))]
[JsonSerializable(typeof(RollupView))]
[JsonSerializable(typeof(ProveView))]
[JsonSerializable(typeof(VerifyView))]
[JsonSerializable(typeof(WalletView))]
[JsonSerializable(typeof(WalletOperationView))]
[JsonSerializable(typeof(AddressView))]
[JsonSerializable(typeof(DepositView))]
[JsonSerializable(typeof(PostView))]
[JsonSerializable(typeof(PostListView))]
[JsonSerializable(typeof(SwapReport))]
[JsonSerializable(typeof(SwapListView))]
[JsonSerializable(typeof(SwapOfferView))]
internal sealed partial class RollupJson : JsonSerializerContext
{
    /// <summary>Without escapes that only a browser needs.</summary>
    internal static RollupJson Plain { get; } = new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
