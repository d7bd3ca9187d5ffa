using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Tributary.Cli.Node.Views;

namespace Tributary.Cli.Node.Control;

/// <summary>Source-generated JSON of what a node and its command line say to each other, and of what <c>--json</c> prints.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ControlRequest))]
[JsonSerializable(typeof(ControlReply))]
[JsonSerializable(typeof(StartedView))]
[JsonSerializable(typeof(InfoView))]
[JsonSerializable(typeof(StatusView))]
[JsonSerializable(typeof(AddressView))]
[JsonSerializable(typeof(WithdrawalView))]
[JsonSerializable(typeof(PeerView))]
[JsonSerializable(typeof(PeersView))]
[JsonSerializable(typeof(OpeningView))]
[JsonSerializable(typeof(ChannelsView))]
[JsonSerializable(typeof(BalanceView))]
[JsonSerializable(typeof(InvoiceView))]
[JsonSerializable(typeof(DecodedView))]
[JsonSerializable(typeof(PaymentView))]
[JsonSerializable(typeof(PaymentsView))]
[JsonSerializable(typeof(CloseView))]
[JsonSerializable(typeof(EventsView))]
[JsonSerializable(typeof(BackupView))]
[JsonSerializable(typeof(MinedView))]
[JsonSerializable(typeof(StoppedView))]
internal sealed partial class ControlJson : JsonSerializerContext
{
    /// <summary>The same with quotes and letters of other languages as they are: the reader is a terminal, not a page.</summary>
    internal static ControlJson Plain { get; } =
        new(new JsonSerializerOptions { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
