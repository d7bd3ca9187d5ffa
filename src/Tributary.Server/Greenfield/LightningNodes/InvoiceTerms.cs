using Tributary.Server.Greenfield.Frame;

namespace Tributary.Server.Greenfield.LightningNodes;

/// <summary>What an invoice is to say.</summary>
/// <param name="Amount">Millisatoshis; 0 lets the payer decide, where that is allowed.</param>
/// <param name="Description">What for.</param>
/// <param name="IsHashOnly">The invoice holds the SHA-256 of the description in its place.</param>
/// <param name="Lifetime">How long it can be paid.</param>
internal sealed record InvoiceTerms(long Amount, string Description, bool IsHashOnly, TimeSpan Lifetime)
{
    private const int DescriptionMax = 1000;
    private const long MilliSatoshisMax = 2_100_000_000_000_000_000;
    private const int LifetimeMaxSeconds = 24 * 3600;
    private const int LifetimeSeconds = 3600;

    public static InvoiceTerms Read(GreenfieldCall call, long least)
    {
        var amount = call.Body.Integer("amount", least, MilliSatoshisMax);
        if (amount is null && !call.Body.Has("amount"))
            call.Refuse("amount", "This is required: millisatoshis.");
        var description = call.Body.Text("description", DescriptionMax) ?? "";
        var isHashOnly = call.Body.Flag("descriptionHashOnly") ?? false;
        var seconds = call.Body.Integer("expiry", 1, LifetimeMaxSeconds) ?? LifetimeSeconds;

        // Whether hints are needed is known to the node: its channels are private.
        call.Body.Flag("privateRouteHints");
        return new InvoiceTerms(amount ?? 0, description, isHashOnly, TimeSpan.FromSeconds(seconds));
    }
}
