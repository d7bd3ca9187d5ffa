using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Accounts;

/// <summary>Accounts and their keys.</summary>
public sealed class AccountsModule : IFinanceModule
{
    public string Name => "accounts";

    public IReadOnlyList<LeafType> Leaves { get; } = [FinanceLeaves.Accounts];

    public IReadOnlyList<OperationHandler> Operations { get; } =
    [
        new OperationHandler<RegisterAccount>(
            OperationCode.RegisterAccount,
            AuthorisationRule.AccountOrSystem,
            static (ref reader) => TryReadKey(ref reader, out var root, out var key) ? new RegisterAccount(root, key) : null,
            Register),
        new OperationHandler<RotateKey>(
            OperationCode.RotateKey,
            AuthorisationRule.Account,
            static (ref reader) => TryReadKey(ref reader, out var root, out var key) ? new RotateKey(root, key) : null,
            Rotate),
    ];

    internal static void WriteKey(ByteWriter writer, Bytes32 root, KeyParameters key)
    {
        writer.WriteBytes32(root);
        writer.WriteByte(key.Scheme);
        writer.WriteByte(key.LogLifetime);
    }

    private static bool TryReadKey(ref SpanReader reader, out Bytes32 root, out KeyParameters key)
    {
        key = default;
        if (!reader.TryReadBytes32(out root) || !reader.TryReadByte(out var scheme) || !reader.TryReadByte(out var logLifetime))
            return false;
        key = new KeyParameters(scheme, logLifetime);
        return true;
    }

    private static Refusal? Register(Execution run, RegisterAccount operation)
    {
        if (CheckKey(operation.KeyRoot, operation.Key) is { } refusal)
            return refusal;
        ref var counters = ref run.State.Touch(FinanceLeaves.Counters, 0);
        var account = new AccountId(counters.NextAccount);
        if (account.Value >= AccountId.Limit)
            return new Refusal("operation", "there is no number left for an account");
        counters = counters with { NextAccount = account.Value + 1 };
        run.State.Touch(FinanceLeaves.Accounts, account.Value) = new AccountLeaf(operation.KeyRoot, operation.Key, 0);
        run.Emit(new AccountRegistered(account, operation.KeyRoot));
        return null;
    }

    private static Refusal? Rotate(Execution run, RotateKey operation)
    {
        if (CheckKey(operation.KeyRoot, operation.Key) is { } refusal)
            return refusal;
        var account = run.Caller!.Value;
        ref var leaf = ref run.State.Touch(FinanceLeaves.Accounts, account.Value);
        if (leaf.KeyRoot == operation.KeyRoot)
            return new Refusal("key_root", "the same key again: its indices would start over");
        leaf = new AccountLeaf(operation.KeyRoot, operation.Key, 0);
        run.Emit(new KeyRotated(account, operation.KeyRoot));
        return null;
    }

    private static Refusal? CheckKey(Bytes32 root, KeyParameters key)
    {
        if (!KeyParameters.IsRoot(root))
            return new Refusal("key_root", "zero, or no digest of the scheme");
        return key.IsValid ? null : new Refusal("key_parameters", $"scheme {KeyParameters.Xmss} with log2 of the lifetime from 1 to {KeyParameters.MaxLogLifetime}");
    }
}
