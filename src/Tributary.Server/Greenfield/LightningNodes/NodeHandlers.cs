using Tributary.Lightning.Node;
using Tributary.Lightning.Node.Reports;
using Tributary.Lightning.Peers;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Lightning;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Server.Greenfield.Access;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Payments;

namespace Tributary.Server.Greenfield.LightningNodes;

/// <summary>
/// The server's Lightning node: who it is, what it holds, its peers and channels. There is one node for all stores; below a store's path it is shown to
/// those who look after it, which are the server's administrators and the team of the server's first store.
/// </summary>
internal sealed class NodeHandlers(Opening<LightningBackend> backend)
{
    private const int UriMax = 400;
    private const long SatoshisMax = 2_100_000_000_000_000;
    private const int WeightPerVirtualByte = 4;
    private const int FeerateMax = 10_000;

    public Task<GreenfieldAnswer> InfoAsync(GreenfieldCall call, CancellationToken cancellationToken) => WithAsync(call, static async (node, token) =>
    {
        var info = await node.GetInfoAsync(token);
        var channels = await node.ListChannelsAsync(token);
        return GreenfieldAnswer.Of(writer => LightningObjects.Write(writer, info, channels));
    }, cancellationToken);

    public Task<GreenfieldAnswer> BalanceAsync(GreenfieldCall call, CancellationToken cancellationToken) => WithAsync(call, static async (node, token) =>
    {
        var balance = await node.GetBalanceAsync(token);
        var channels = await node.ListChannelsAsync(token);
        return GreenfieldAnswer.Of(writer => LightningObjects.Write(writer, balance, channels));
    }, cancellationToken);

    public Task<GreenfieldAnswer> ChannelsAsync(GreenfieldCall call, CancellationToken cancellationToken) => WithAsync(
        call, static async (node, token) => GreenfieldAnswer.List(await node.ListChannelsAsync(token), LightningObjects.Write), cancellationToken);

    public Task<GreenfieldAnswer> AddressAsync(GreenfieldCall call, CancellationToken cancellationToken) => WithAsync(call, static async (node, token) =>
        (await node.NewAddressAsync(token)).TryGet(out var address, out var refusal)
            ? GreenfieldAnswer.Of(writer => writer.WriteStringValue(address.ToString()))
            : Refuse("generic-error", refusal), cancellationToken);

    public async Task<GreenfieldAnswer> ConnectAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var peer = ReadPeer(call);
        return await WithAsync(
            call,
            async (node, token) => (await node.ConnectAsync(peer!, token)).TryGet(out _, out var refusal) ? GreenfieldAnswer.Done : Refuse("could-not-connect", refusal),
            cancellationToken);
    }

    public async Task<GreenfieldAnswer> OpenChannelAsync(GreenfieldCall call, CancellationToken cancellationToken)
    {
        var peer = ReadPeer(call);
        var amount = call.Body.Integer("channelAmount", 1, SatoshisMax);
        if (amount is null && !call.Body.Has("channelAmount"))
            call.Refuse("channelAmount", "This is required: satoshis.");
        var feerate = call.Body.Number("feeRate", 1, FeerateMax);
        return await WithAsync(
            call,
            async (node, token) =>
            {
                var isConnected = (await node.ListPeersAsync(token)).Any(known => known.NodeId == peer!.NodeId);
                if (!isConnected && !(await node.ConnectAsync(peer!, token)).TryGet(out _, out var unreached))
                    return Refuse("peer-not-connected", unreached);
                var request = new OpenChannelRequest(peer!.NodeId, new Satoshis(amount!.Value))
                {
                    // Satoshis for a virtual byte, of which a thousand weight units are a quarter.
                    Feerate = feerate is { } rate ? new FeeratePerKw((long)decimal.Ceiling(rate * 1000 / WeightPerVirtualByte)) : null,
                };
                return (await node.OpenChannelAsync(request, token)).TryGet(out _, out var refusal)
                    ? GreenfieldAnswer.Done
                    : Refuse(refusal.Field is "amount" or "coins" or "wallet" ? "cannot-afford-funding" : "generic-error", refusal);
            },
            cancellationToken);
    }

    /// <summary>Runs against the node where the caller may and it is open.</summary>
    internal async Task<GreenfieldAnswer> WithAsync(GreenfieldCall call, Func<ILightningNode, CancellationToken, Task<GreenfieldAnswer>> run, CancellationToken cancellationToken)
    {
        if (call.Finish() is { } refused)
            return refused;
        if (!IsBitcoin(call))
            return GreenfieldErrors.Missing("lightning-node");
        if (call.Route("storeId").Length > 0 && !LooksAfter(call))
            return GreenfieldErrors.MissingPermission(Policies.CanUseInternalLightningNode);
        return backend.Current is { } current ? await run(current.Node, cancellationToken) : Unavailable();
    }

    /// <summary>Is it the one chain that there is?</summary>
    internal static bool IsBitcoin(GreenfieldCall call) => string.Equals(call.Route("cryptoCode"), "BTC", StringComparison.OrdinalIgnoreCase);

    /// <summary>The node is being opened, or is stuck.</summary>
    internal GreenfieldAnswer Unavailable() => GreenfieldErrors.Of(StatusCodes.Status503ServiceUnavailable, "ligthning-node-unavailable", $"The Lightning node {backend.Problem}.");

    internal static GreenfieldAnswer Refuse(string code, Refusal refusal) => GreenfieldErrors.Of(StatusCodes.Status400BadRequest, code, $"{refusal.Field} {refusal.Reason}.");

    private static bool LooksAfter(GreenfieldCall call) => call.Caller!.User.IsAdministrator || string.Equals(call.StoreId, PaymentStart.FirstStore, StringComparison.Ordinal);

    private static PeerAddress? ReadPeer(GreenfieldCall call)
    {
        var text = call.Body.RequiredText("nodeURI", UriMax);
        if (text.Length == 0)
            return null;
        if (PeerAddress.Parse(text).TryGet(out var peer, out var refusal))
            return peer;
        call.Refuse("nodeURI", $"{refusal.Field} {refusal.Reason}.");
        return null;
    }
}
