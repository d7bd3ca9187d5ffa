using Tributary.Bitcoin.Networks;
using Tributary.Payments.Quotes;
using Tributary.Primitives.Results;

namespace Tributary.Server.Payments;

/// <summary>Where prices come from: a file that the operator names, or on regtest the demo prices.</summary>
internal static class PriceSources
{
    /// <summary>A file that nobody has written for so long is stale.</summary>
    private static readonly TimeSpan s_fileAgeMax = TimeSpan.FromHours(24);

    /// <summary>Reads the operator's file at the start, so that a wrong one is told at once.</summary>
    public static Result<PriceSetup, Refusal> Open(ServerOptions options, TimeProvider clock)
    {
        if (options.PriceFile is { } path)
        {
            var file = new FilePriceSource(path);
            if (file.Refresh() is { } refusal)
                return new Refusal("--price-file", $"{refusal.Field}: {refusal.Reason}");
            return new PriceSetup(new MedianPriceSource([file], clock, new MedianPriceOptions { AgeMax = s_fileAgeMax }), file);
        }

        return new PriceSetup(new FixedPriceSource(options.Network == BitcoinNetwork.Regtest ? DemoPrices.All : [], clock), null);
    }
}
