using System.Collections.Immutable;
using Tributary.Bitcoin.Transactions;
using Tributary.Primitives.Amounts;

namespace Tributary.Bitcoin.Wallets.Spending;

/// <summary>A payment that a wallet is to make.</summary>
public sealed record SendRequest
{
    /// <summary>Who is paid, in the order of the transaction's outputs; change comes somewhere between them.</summary>
    public required ImmutableArray<SendOutput> Outputs { get; init; }

    /// <summary>The feerate; null asks the chain source for <see cref="TargetBlocks"/>.</summary>
    public FeeratePerKvB? Feerate { get; init; }

    /// <summary>Within how many blocks it should confirm, where no feerate is named.</summary>
    public int TargetBlocks { get; init; } = 6;

    /// <summary>Coins to spend, all of them and no others; empty lets the wallet choose.</summary>
    public ImmutableArray<OutPoint> Inputs { get; init; } = [];

    /// <summary>The account to spend from; null for all that the wallet signs for, or all that it watches where it signs for none.</summary>
    public int? Account { get; init; }

    /// <summary>The account that change goes to; null for the one that looks like the payment.</summary>
    public int? ChangeAccount { get; init; }

    /// <summary>May the wallet's own unconfirmed change be spent?</summary>
    public bool SpendsUnconfirmed { get; init; } = true;

    /// <summary>May coins be spent that the wallet's reserve holds back?</summary>
    public bool SpendsReserve { get; init; }

    /// <summary>Signal that a replacement may come (BIP 125); needed to bump the fee at nodes that ask for the signal.</summary>
    public bool IsReplaceable { get; init; } = true;

    /// <summary>A lease whose coins are spent by this payment, and which ends with it.</summary>
    public string? LeaseId { get; init; }

    /// <summary>A note.</summary>
    public string? Label { get; init; }

    /// <summary>A payment to one address.</summary>
    public static SendRequest To(Addresses.Address address, Satoshis amount) => new() { Outputs = [SendOutput.To(address, amount)] };
}
