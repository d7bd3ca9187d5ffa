using System.Security.Cryptography;
using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;
using Tributary.Rollup.State;

namespace Tributary.Rollup.Segments;

/// <summary>
/// What each operation comes down to: instructions, changes of leaves that are shown, and the checks that need no more of the state than those leaves.
/// Builder and verifier share it, so they can't differ in what a body asks for (docs/rollup/statement.md, section 4).
/// </summary>
internal sealed class OperationPlanner(uint height, ISegmentSink sink)
{
    private static readonly Refusal Full = new("segment", "full");

    /// <summary>The most numbers that an operation takes.</summary>
    public static int NumbersAtMost(Operation operation) => operation is TransferMany many ? many.Payments.Count : 4;

    /// <summary>Why an operation has no place in a segment whatever the state; null where it has.</summary>
    public static Refusal? Check(in OperationRequest request)
    {
        if (request.Authorisation is { } authorisation && authorisation.Account.Value is 0 or >= StateAddress.AccountLimit)
            return new Refusal("authorisation.account", "the tree has no place for it");
        return request.Operation switch
        {
            Transfer transfer => CheckMove(transfer.Asset, transfer.To, transfer.Amount),
            TransferMany many => CheckMany(many),
            Issue issue => CheckMove(issue.Asset, issue.To, issue.Amount),
            Retire retire => CheckMove(retire.Asset, default, retire.Amount),
            Deposit deposit => CheckMove(deposit.Asset, deposit.To, deposit.Amount),
            Withdraw withdraw => CheckMove(withdraw.Asset, default, withdraw.Amount),
            LockHtlc locking => CheckMove(locking.Asset, locking.Recipient, locking.Amount),
            RegisterAccount register => CheckKey(register.KeyRoot, register.Key),
            RotateKey rotate => CheckKey(rotate.KeyRoot, rotate.Key),
            CreateAsset or ClaimHtlc or RefundHtlc => null,
            _ => new Refusal("operation", $"a segment takes no {request.Operation.Code}"),
        };
    }

    /// <summary>Plans an operation whose authorisation bears a gap for an index.</summary>
    public Refusal? Plan(in OperationRequest request)
    {
        if (Check(request) is { } misfit)
            return misfit;
        if (sink.NextNumber() is not { } number)
            return Full;
        var signed = new Instruction { Number = number };
        var resolved = request;
        if (request.Authorisation is { } authorisation)
        {
            if (request.Operation.Code is OperationCode.Deposit or OperationCode.ClaimHtlc or OperationCode.RefundHtlc)
                return new Refusal("authorisation", "this operation bears none");
            if (height > authorisation.Expiry)
                return new Refusal("authorisation.expiry", $"expired at {authorisation.Expiry}, it is {height}");
            if (sink.NextIndex(authorisation.Account.Value) is not { } next)
                return new Refusal("authorisation.index", "the account's next index is not known");
            if ((ulong)next + authorisation.Index > int.MaxValue)
                return new Refusal("authorisation.index", "beyond any key");
            resolved = request with { Authorisation = authorisation with { Index = next + authorisation.Index } };
            signed = signed with
            {
                Signs = true,
                Payer = authorisation.Account.Value,
                Index = next + authorisation.Index,
                Gap = authorisation.Index,
                Rotates = request.Operation is RotateKey,
                Message = sink.Digest(resolved),
                Fee = authorisation.Fee,
            };
        }
        else if (request.Operation.Code is not (OperationCode.Deposit or OperationCode.RegisterAccount or OperationCode.ClaimHtlc or OperationCode.RefundHtlc))
        {
            return new Refusal("authorisation", "missing");
        }

        return Carry(signed, resolved.Operation);
    }

    private Refusal? Carry(in Instruction signed, Operation operation) => operation switch
    {
        Transfer transfer => Transfer(signed, transfer),
        TransferMany many => TransferMany(signed, many),
        RegisterAccount register => Register(signed, register),
        RotateKey rotate => Rotate(signed, rotate),
        CreateAsset create => Create(signed, create),
        Issue issue => Issue(signed, issue),
        Retire retire => Retire(signed, retire),
        Deposit deposit => Deposit(signed, deposit),
        Withdraw withdraw => Withdraw(signed, withdraw),
        LockHtlc locking => Lock(signed, locking),
        ClaimHtlc claim => Claim(signed, claim),
        RefundHtlc refund => Refund(signed, refund),
        _ => new Refusal("operation", $"a segment takes no {operation.Code}"),
    };

    private Refusal? Transfer(in Instruction signed, Transfer transfer)
    {
        if (transfer.To.Value == signed.Payer)
            return new Refusal("to", "the account that pays");
        sink.Add(Pay(signed, transfer.Asset, transfer.To, transfer.Amount));
        return null;
    }

    private Refusal? TransferMany(in Instruction signed, TransferMany many)
    {
        for (var i = 0; i < many.Payments.Count; i++)
        {
            var (to, amount) = many.Payments[i];
            if (to.Value == signed.Payer)
                return new Refusal($"payments[{i}].to", "the account that pays");
            var step = signed;
            if (i > 0)
            {
                if (sink.NextNumber() is not { } number)
                    return Full;
                step = new Instruction { Number = number, Payer = signed.Payer };
            }

            sink.Add(Pay(step, many.Asset, to, amount));
        }

        return null;
    }

    private Refusal? Register(in Instruction signed, RegisterAccount register)
    {
        if (signed.Signs)
            sink.Add(signed);
        var account = 0u;
        if (Count(counters => counters with { NextAccount = (account = counters.NextAccount) + 1 }) is { } unknown)
            return unknown;
        if (account >= StateAddress.AccountLimit)
            return new Refusal("operation", "the tree has room for no more accounts");
        return Change<AccountLeaf>(LeafKind.Account, account, leaf => leaf.IsEmpty ? new AccountLeaf(register.KeyRoot, register.Key, 0) : null);
    }

    private Refusal? Rotate(in Instruction signed, RotateKey rotate)
    {
        sink.Add(signed);
        return Change<AccountLeaf>(
            LeafKind.Account, signed.Payer, leaf => leaf.IsEmpty || leaf.KeyRoot == rotate.KeyRoot ? null : new AccountLeaf(rotate.KeyRoot, rotate.Key, 0));
    }

    private Refusal? Create(in Instruction signed, CreateAsset create)
    {
        if (create.Decimals > AssetLeaf.MaxDecimals || create.Limit.IsZero)
            return new Refusal("asset", "decimals or limit out of range");
        sink.Add(signed);
        var asset = 0u;
        if (Count(counters => counters with { NextAsset = (asset = counters.NextAsset) + 1 }) is { } unknown)
            return unknown;
        if (asset >= StateAddress.AssetLimit)
            return new Refusal("operation", "the tree has room for no more assets");
        var leaf = new AssetLeaf(AssetKind.Issued, create.Decimals, new AccountId(signed.Payer), Amount.Zero, create.Limit, create.Metadata);
        return Change<AssetLeaf>(LeafKind.Asset, asset, before => before.IsEmpty ? leaf : null);
    }

    private Refusal? Issue(in Instruction signed, Issue issue)
    {
        var issuer = new AccountId(signed.Payer);
        sink.Add(signed with { Exists = true, Credits = true, Payee = issue.To.Value, Slot = Slot(issue.Asset), Amount = issue.Amount });
        return Change<AssetLeaf>(
            LeafKind.Asset, issue.Asset.Value, leaf => leaf.Kind == AssetKind.Issued && leaf.Issuer == issuer ? Grow(leaf, issue.Amount) : null);
    }

    private Refusal? Retire(in Instruction signed, Retire retire)
    {
        sink.Add(signed with { Debits = true, Slot = Slot(retire.Asset), Amount = retire.Amount });
        return Change<AssetLeaf>(LeafKind.Asset, retire.Asset.Value, leaf => leaf.Kind == AssetKind.Issued ? Shrink(leaf, retire.Amount) : null);
    }

    private Refusal? Deposit(in Instruction signed, Deposit deposit)
    {
        sink.Add(signed with { Exists = true, Credits = true, Payee = deposit.To.Value, Slot = Slot(deposit.Asset), Amount = deposit.Amount });
        sink.Emit(new Deposited(deposit.Number, deposit.Asset, deposit.To, deposit.Amount));
        return Count(counters => counters.NextDeposit == deposit.Number ? counters with { NextDeposit = deposit.Number + 1 } : null)
            ?? Change<AssetLeaf>(LeafKind.Asset, deposit.Asset.Value, leaf => leaf.Kind == AssetKind.Bridged ? Grow(leaf, deposit.Amount) : null);
    }

    private Refusal? Withdraw(in Instruction signed, Withdraw withdraw)
    {
        if (withdraw.Script.Length is 0 or > Finance.Assets.Withdraw.MaxScriptLength)
            return new Refusal("script", $"from 1 to {Finance.Assets.Withdraw.MaxScriptLength} bytes");
        sink.Add(signed with { Debits = true, Slot = Slot(withdraw.Asset), Amount = withdraw.Amount });
        var number = 0UL;
        if (Count(counters => counters with { NextWithdrawal = (number = counters.NextWithdrawal) + 1 }) is { } unknown)
            return unknown;
        sink.Emit(new Withdrawn(number, withdraw.Asset, new AccountId(signed.Payer), withdraw.Amount, withdraw.Script));
        return Change<AssetLeaf>(LeafKind.Asset, withdraw.Asset.Value, leaf => leaf.Kind == AssetKind.Bridged ? Shrink(leaf, withdraw.Amount) : null);
    }

    private Refusal? Lock(in Instruction signed, LockHtlc locking)
    {
        if (locking.Timeout <= height || locking.Timeout - height > LockHtlc.MaxBlocks)
            return new Refusal("timeout", $"from 1 to {LockHtlc.MaxBlocks} blocks after {height}");
        sink.Add(signed with { Exists = true, Debits = true, Payee = locking.Recipient.Value, Slot = Slot(locking.Asset), Amount = locking.Amount });
        var htlc = 0UL;
        if (Count(counters => counters with { NextHtlc = (htlc = counters.NextHtlc) + 1 }) is { } unknown)
            return unknown;
        if (htlc >= StateAddress.HtlcLimit)
            return new Refusal("operation", "the tree has room for no more contracts");
        var terms = new HtlcLeaf(
            new AccountId(signed.Payer), locking.Recipient, locking.Asset, locking.Amount, locking.Hash, locking.Timeout);
        return Change<HtlcLeaf>(LeafKind.Htlc, htlc, leaf => leaf.IsEmpty ? terms : null);
    }

    private Refusal? Claim(in Instruction signed, ClaimHtlc claim)
    {
        var hash = new Bytes32(SHA256.HashData(claim.Preimage.Span));
        return Close(signed, claim.Htlc, terms =>
        {
            if (height >= terms.Timeout || terms.Hash != hash)
                return null;
            sink.Emit(new HtlcClaimed(claim.Htlc, terms, claim.Preimage));
            return terms.Recipient;
        });
    }

    private Refusal? Refund(in Instruction signed, RefundHtlc refund) => Close(signed, refund.Htlc, terms =>
    {
        if (height < terms.Timeout)
            return null;
        sink.Emit(new HtlcRefunded(refund.Htlc, terms));
        return terms.Sender;
    });

    private Refusal? Close(Instruction signed, HtlcId htlc, Func<HtlcLeaf, AccountId?> decide)
    {
        if (htlc.Value >= StateAddress.HtlcLimit)
            return new Refusal("htlc", "the tree has no place for it");
        return Change<HtlcLeaf>(LeafKind.Htlc, htlc.Value, terms =>
        {
            if (terms.IsEmpty || terms.Asset.Value >= StateAddress.AssetLimit || decide(terms) is not { } to || to.Value >= StateAddress.AccountLimit)
                return null;
            sink.Add(signed with { Credits = true, Payee = to.Value, Slot = Slot(terms.Asset), Amount = terms.Amount });
            return default(HtlcLeaf);
        });
    }

    private Refusal? Count(Func<CountersLeaf, CountersLeaf?> change) => Change(LeafKind.Counters, 0, change);

    /// <summary>Shows a leaf and changes it; a change of null is none that the operation may make.</summary>
    private Refusal? Change<T>(LeafKind kind, ulong address, Func<T, T?> change)
        where T : struct, ILeaf<T>
    {
        var key = new LeafKey(kind, address);
        if (sink.Show(key) is not { } before || !LeafLayout.Fits(kind, before))
            return new Refusal($"{kind}", $"leaf {address} is not shown as it stands");
        var leaf = default(T);
        if (before.Length > 0 && (!T.TryRead(before, out leaf) || leaf.IsEmpty))
            return new Refusal($"{kind}", $"leaf {address} is not shown as it stands");
        if (change(leaf) is not { } after)
            return new Refusal($"{kind}", $"leaf {address} does not allow the operation");
        var bytes = after.IsEmpty ? [] : new byte[T.Length];
        if (bytes.Length > 0)
            after.Write(bytes);
        if (sink.NextNumber() is not { } number)
            return Full;
        sink.Write(number, key, before, bytes);
        return null;
    }

    private static Instruction Pay(in Instruction step, AssetId asset, AccountId to, Amount amount) =>
        step with { Exists = true, Debits = true, Credits = true, Payee = to.Value, Slot = Slot(asset), Amount = amount };

    private static AssetLeaf? Grow(in AssetLeaf leaf, Amount amount) =>
        leaf.Supply.TryAdd(amount, out var supply) && supply <= leaf.Limit ? leaf with { Supply = supply } : null;

    private static AssetLeaf? Shrink(in AssetLeaf leaf, Amount amount) =>
        leaf.Supply.TrySubtract(amount, out var supply) ? leaf with { Supply = supply } : null;

    private static uint Slot(AssetId asset) => asset.Value + 1;

    private static Refusal? CheckMove(AssetId asset, AccountId to, Amount amount)
    {
        if (asset.Value >= StateAddress.AssetLimit)
            return new Refusal("asset", "the tree has no place for it");
        if (to.Value >= StateAddress.AccountLimit)
            return new Refusal("to", "the tree has no place for it");
        return amount.IsZero ? new Refusal("amount", "zero") : null;
    }

    private static Refusal? CheckMany(TransferMany many)
    {
        if (many.Payments.Count is 0 or > Finance.Transfers.TransferMany.MaxPayments)
            return new Refusal("payments", $"from 1 to {Finance.Transfers.TransferMany.MaxPayments}");
        for (var i = 0; i < many.Payments.Count; i++)
        {
            if (i > 0 && many.Payments[i].To <= many.Payments[i - 1].To)
                return new Refusal($"payments[{i}].to", "recipients ascend");
            if (CheckMove(many.Asset, many.Payments[i].To, many.Payments[i].Amount) is { } refusal)
                return new Refusal($"payments[{i}].{refusal.Field}", refusal.Reason);
        }

        return null;
    }

    private static Refusal? CheckKey(Bytes32 root, KeyParameters key) =>
        key.IsValid && KeyParameters.IsRoot(root) ? null : new Refusal("key_root", "no key of this scheme");
}
