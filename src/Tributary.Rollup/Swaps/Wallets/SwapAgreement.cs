using System.Globalization;
using Tributary.Finance.Amounts;
using Tributary.Primitives.Amounts;
using Tributary.Primitives.Results;
using Tributary.Rollup.Api;
using Tributary.Rollup.Wallets;

namespace Tributary.Rollup.Swaps.Wallets;

/// <summary>What a client asks for, and whether it gets what it asked for: a provider's word is checked before anything is locked.</summary>
public static class SwapAgreement
{
    // The farthest ahead that a provider may set the height to begin by.
    private const int BeginBlocksMax = 1_008;

    /// <summary>The fee of an amount, as an offer has it.</summary>
    public static long FeeOf(SwapOfferView offer, long amountSat) => checked((long)(offer.FeeSat + (((Int128)amountSat * offer.FeePpm + 999_999) / 1_000_000)));

    /// <summary>Why an offer is none for this client; null where it is one.</summary>
    /// <param name="offer">What the provider says.</param>
    /// <param name="direction">Which way.</param>
    /// <param name="amountSat">How much.</param>
    /// <param name="feeMaxSat">The most that the client pays.</param>
    /// <param name="least">The margins that the client relies on at least.</param>
    public static Refusal? Check(SwapOfferView offer, SwapDirection direction, long amountSat, long feeMaxSat, SwapMargins least)
    {
        if (SwapFile.ReadMargins(offer.Margins) is not { } margins)
            return new Refusal("--rollup", "offers swaps with margins that can't be");
        if (!offer.IsOpen)
            return new Refusal("--rollup", $"offers no swaps now: {offer.Problem}");
        var most = direction == SwapDirection.In ? offer.InMax : offer.OutMax;
        if (most == 0)
            return new Refusal("--rollup", $"has no money for a swap {(direction == SwapDirection.In ? "in" : "out")} now: ask again later");
        if (amountSat < offer.AmountMin || amountSat > most)
            return Refuse("--amount", $"is {amountSat}; from {offer.AmountMin} to {most} sat can be had now");
        if (margins.Depth < least.Depth || margins.Confirm < least.Confirm || margins.Post < least.Post || margins.Anchor < least.Anchor || margins.Final < least.Final)
            return Refuse("--margins", $"of the operator are {string.Join(',', offer.Margins)} blocks, shorter than the {string.Join(',', SwapFile.Write(least))} that you rely on; say --margins {string.Join(',', offer.Margins)} to rely on those (docs/rollup/swaps.md, section 3)");
        if (offer.FeePpm is < 0 or > 1_000_000 || offer.FeeSat < 0 || FeeOf(offer, amountSat) is var fee && fee > feeMaxSat)
            return Refuse("--fee-max", $"is {feeMaxSat} sat, and the operator asks for {FeeOf(offer, amountSat)}: raise it, or leave it");
        return null;
    }

    /// <summary>Why the terms are not those that were asked for; null where they are.</summary>
    /// <param name="terms">What the provider answers.</param>
    /// <param name="view">With the height to begin by.</param>
    /// <param name="swap">What was asked for.</param>
    /// <param name="wallet">The client's.</param>
    /// <param name="tip">Bitcoin's height.</param>
    public static Refusal? Check(SwapTerms terms, SwapTermsView view, SwapFolder swap, RollupWallet wallet, int tip)
    {
        var file = swap.File;
        using var key = wallet.SwapKey(swap.Nonce);
        var own = key.PublicKey.ToXOnly(out _).ToBytes32();
        var number = wallet.Accounts.FirstOrDefault(account => account.Place == file.Place)?.Number;
        var fee = file.Way == SwapDirection.In ? terms.OnChain - terms.OnRollup : terms.OnRollup - terms.OnChain;
        if (terms.Rollup != wallet.Rollup || terms.Direction != file.Way || terms.Hash != swap.Hash || number is null || terms.Client != new AccountId(number.Value))
            return new Refusal("--rollup", "answers with terms of another swap");
        if ((file.Way == SwapDirection.In ? terms.RefundKey : terms.ClaimKey) != own)
            return new Refusal("--rollup", "answers with terms that leave this wallet's key out");
        if (terms.OnChain != new Satoshis(file.AmountSat) || fee > new Satoshis(file.FeeMaxSat))
            return Refuse("--rollup", $"answers with {terms.OnChain} on Bitcoin for {terms.OnRollup} in the rollup, which is not what it offered");
        if (view.BeginBy < tip || view.BeginBy > tip + BeginBlocksMax || SwapTerms.TimeoutsFor(file.Way, swap.Margins, (int)view.BeginBy) != (terms.BitcoinTimeout, terms.RollupTimeout))
            return Refuse("--rollup", $"answers with timeouts {terms.BitcoinTimeout} and {terms.RollupTimeout}, which do not follow from its margins");
        return terms.Check(swap.Margins, tip);
    }

    /// <summary>Asks for the terms of a swap that is on disk, and writes them down. Asked again after a lost answer, it gets the same.</summary>
    public static async Task<Refusal?> AgreeAsync(RollupWallet wallet, RollupClient client, SwapFolder swap, int tip, CancellationToken cancellationToken)
    {
        if (swap.Journal.Memory is not null)
            return null;
        using var key = wallet.SwapKey(swap.Nonce);
        var account = wallet.Accounts.FirstOrDefault(one => one.Place == swap.File.Place)?.Number ?? 0;
        var request = new SwapRequest(swap.File.Direction, swap.File.AmountSat, swap.File.Hash, account, key.PublicKey.ToXOnly(out _).ToBytes32().ToString());
        if (!(await client.AskForSwapAsync(request, cancellationToken)).TryGet(out var view, out var refusal))
            return refusal;
        if (view.Read() is not { } terms)
            return new Refusal("--rollup", "answers with terms that can't be read");
        if (Check(terms, view, swap, wallet, tip) is { } wrong)
            return wrong;
        return await swap.Journal.BeginAsync(new SwapMemory(SwapRole.Client, terms, swap.Margins, wallet.SwapPreimage(swap.Nonce)), tip);
    }

    private static Refusal Refuse(string field, FormattableString reason) => new(field, reason.ToString(CultureInfo.InvariantCulture));
}
