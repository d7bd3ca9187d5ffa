using System.Text.Json;
using Tributary.Bitcoin.Chain;
using Tributary.Server.Greenfield.Frame;
using Tributary.Server.Modes;

namespace Tributary.Server.Greenfield.Server;

/// <summary>What the server is and how far it has come.</summary>
internal sealed class ServerInfoHandlers(IChainSource chain, IServiceProvider services)
{
    /// <summary>The version of BTCPay Server whose API this dialect is; clients choose the shape of their requests by it.</summary>
    public const string DialectVersion = "2.4.1";

    public Task<GreenfieldAnswer> InfoAsync(GreenfieldCall call, CancellationToken cancellationToken) => Task.FromResult(call.Finish() ?? GreenfieldAnswer.Of(Write));

    public Task<GreenfieldAnswer> HealthAsync(GreenfieldCall call, CancellationToken cancellationToken) => Task.FromResult(call.Finish() ?? GreenfieldAnswer.Of(writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("synchronized", IsSynced());
        writer.WriteEndObject();
    }));

    // Who asks without a key asks about the server: it is behind as long as one of its halves is.
    private bool IsSynced() =>
        chain.Status.IsSynced && services.GetService<LiveHalf>()?.Services.GetRequiredService<IChainSource>().Status.IsSynced != false;

    private void Write(Utf8JsonWriter writer)
    {
        var status = chain.Status;
        var height = status.Tip?.Height;
        writer.WriteStartObject();
        writer.WriteString("version", DialectVersion);
        writer.Texts("supportedPaymentMethods", [MethodIds.OnChain, MethodIds.Lightning, MethodIds.Lnurl]);
        writer.WriteBoolean("fullySynched", status.IsSynced);
        writer.WriteStartArray("syncStatus");
        writer.WriteStartObject();
        writer.WriteString("paymentMethodId", MethodIds.OnChain);
        writer.WriteStartObject("nodeInformation");
        writer.Integer("headers", height);
        writer.Integer("blocks", height);
        writer.WriteNumber("verificationProgress", status.IsSynced ? 1 : 0);
        writer.WriteEndObject();
        writer.Integer("chainHeight", height);
        writer.Integer("syncHeight", height);
        writer.WriteBoolean("available", status.IsSynced);
        writer.WriteEndObject();
        writer.WriteEndArray();
        writer.WriteString("network", chain.Network.Name);
        writer.WriteEndObject();
    }
}
