using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;
using Tributary.Primitives.Results;

namespace Tributary.Finance.Tests;

/// <summary>An engine with accounts that have money, and short ways to ask it for things.</summary>
internal sealed class Bank
{
    public const uint Height = 800_000;

    public static readonly KeyParameters Key = new(KeyParameters.Xmss, 20);

    public static readonly AccountId Alice = new(2);
    public static readonly AccountId Bob = new(3);
    public static readonly AccountId Carol = new(4);

    private ulong _deposits;

    public Bank(ModuleTable? modules = null)
    {
        Engine = new FinanceEngine(modules ?? ModuleTable.All, FinanceEngine.Genesis(modules ?? ModuleTable.All, Root(1), Key));
        foreach (var account in (AccountId[])[Alice, Bob, Carol])
            Accept(System(new RegisterAccount(Root(account.Value), Key)));
    }

    public FinanceEngine Engine { get; }

    public FinanceState State => Engine.State;

    public uint Now { get; set; } = Height;

    /// <summary>A root of a key for tests.</summary>
    public static Bytes32 Root(uint number)
    {
        Span<byte> bytes = stackalloc byte[32];
        BitConverter.TryWriteBytes(bytes, number);
        bytes[31] = 1;
        return new Bytes32(bytes);
    }

    public Outcome System(Operation operation) =>
        Engine.Apply(new OperationContext(Now, OperationSource.System), new OperationRequest(operation, null));

    public Outcome Anybody(Operation operation) =>
        Engine.Apply(new OperationContext(Now, OperationSource.Sequencer), new OperationRequest(operation, null));

    public Outcome Ask(AccountId account, Operation operation, ulong fee = 0, OperationSource source = OperationSource.Sequencer) =>
        Ask(new Authorisation(account, NextIndex(account), fee, uint.MaxValue), operation, source);

    public Outcome Ask(Authorisation authorisation, Operation operation, OperationSource source = OperationSource.Sequencer) =>
        Engine.Apply(new OperationContext(Now, source), new OperationRequest(operation, authorisation));

    /// <summary>Satoshis from Bitcoin.</summary>
    public void Fund(AccountId account, ulong satoshis) => Accept(System(new Deposit(++_deposits, AssetId.Bitcoin, account, satoshis)));

    /// <summary>A new asset, all of which an account has.</summary>
    public AssetId NewAsset(AccountId account, Amount amount)
    {
        var asset = ((AssetCreated)Accept(Ask(account, new CreateAsset(8, Amount.MaxValue, default))).Events[0]).Asset;
        Accept(Ask(account, new Issue(asset, account, amount)));
        return asset;
    }

    public uint NextIndex(AccountId account) => State.Read(FinanceLeaves.Accounts, account.Value).NextIndex;

    public Amount Balance(AccountId account, AssetId asset) => State.Read(FinanceLeaves.Balances, BalanceLeaf.Address(account, asset)).Amount;

    public Amount Satoshis(AccountId account) => Balance(account, AssetId.Bitcoin);

    public Amount Supply(AssetId asset) => State.Read(FinanceLeaves.Assets, asset.Value).Supply;

    public static Outcome Accept(Outcome outcome)
    {
        Assert.True(outcome.IsAccepted, outcome.Refusal?.ToString());
        return outcome;
    }

    /// <summary>The operation is refused and nothing is left of it.</summary>
    public Refusal Refuse(Func<Outcome> apply)
    {
        var before = StateSnapshot.Digest(State);
        var outcome = apply();
        Assert.False(outcome.IsAccepted);
        Assert.False(outcome.IndexSpent);
        Assert.Empty(outcome.Events);
        Assert.Equal(before, StateSnapshot.Digest(State));
        return outcome.Refusal!;
    }

    public void Refuse(string field, Func<Outcome> apply) => Assert.Equal(field, Refuse(apply).Field);
}
