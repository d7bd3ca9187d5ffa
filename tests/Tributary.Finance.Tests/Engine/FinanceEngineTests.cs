using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.Engine;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Finance.Transfers;

namespace Tributary.Finance.Tests.Engine;

public sealed class FinanceEngineTests
{
    private static readonly Transfer OneSatoshi = new(AssetId.Bitcoin, Bank.Bob, 1);

    [Fact]
    public void An_operation_moves_the_index_and_pays_the_operator()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 1000);
        var outcome = Bank.Accept(bank.Ask(new Authorisation(Bank.Alice, 7, 25, Bank.Height), OneSatoshi));
        Assert.True(outcome.IndexSpent);
        Assert.Equal([new FeePaid(Bank.Alice, 25), new Transferred(AssetId.Bitcoin, Bank.Alice, Bank.Bob, 1)], outcome.Events);
        Assert.Equal(8u, bank.NextIndex(Bank.Alice));
        Assert.Equal((Amount)974, bank.Satoshis(Bank.Alice));
        Assert.Equal((Amount)25, bank.Satoshis(AccountId.Operator));
        Assert.Equal((Amount)1, bank.Satoshis(Bank.Bob));
    }

    [Fact]
    public void A_spent_index_signs_nothing()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 1000);
        Bank.Accept(bank.Ask(new Authorisation(Bank.Alice, 7, 0, Bank.Height), OneSatoshi));
        foreach (var index in (uint[])[0, 6, 7])
            bank.Refuse("authorisation.index", () => bank.Ask(new Authorisation(Bank.Alice, index, 0, Bank.Height), OneSatoshi));
        Bank.Accept(bank.Ask(new Authorisation(Bank.Alice, 8, 0, Bank.Height), OneSatoshi));
    }

    [Fact]
    public void Terms_that_do_not_hold_are_refused()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 1000);
        bank.Refuse("authorisation.expiry", () => bank.Ask(new Authorisation(Bank.Alice, 0, 0, Bank.Height - 1), OneSatoshi));
        bank.Refuse("authorisation.fee", () => bank.Ask(new Authorisation(Bank.Alice, 0, 1001, Bank.Height), OneSatoshi));
        bank.Refuse("amount", () => bank.Ask(new Authorisation(Bank.Alice, 0, 1000, Bank.Height), OneSatoshi));
        bank.Refuse("authorisation.account", () => bank.Ask(new Authorisation(new AccountId(99), 0, 0, Bank.Height), OneSatoshi));
        bank.Refuse("authorisation.account", () => bank.Ask(new Authorisation(AccountId.Nobody, 0, 0, Bank.Height), OneSatoshi));
    }

    [Fact]
    public void Each_operation_is_taken_from_who_may_ask_for_it()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 1000);
        var signed = new Authorisation(Bank.Alice, 0, 0, Bank.Height);
        bank.Refuse("authorisation", () => bank.Anybody(OneSatoshi));
        bank.Refuse("authorisation", () => bank.System(OneSatoshi));
        bank.Refuse("authorisation", () => bank.Ask(signed, OneSatoshi, OperationSource.System));
        bank.Refuse("authorisation", () => bank.Ask(signed, new RefundHtlc(new HtlcId(1)), OperationSource.Sequencer));
        bank.Refuse("operation", () => bank.Ask(signed, new Deposit(2, AssetId.Bitcoin, Bank.Alice, 1)));
        bank.Refuse("operation", () => bank.Anybody(new Deposit(2, AssetId.Bitcoin, Bank.Alice, 1)));
        bank.Refuse("authorisation", () => bank.Anybody(new RegisterAccount(Bank.Root(9), Bank.Key)));
        Bank.Accept(bank.System(new RegisterAccount(Bank.Root(9), Bank.Key)));
    }

    [Fact]
    public void A_forced_operation_that_fails_spends_its_index_and_nothing_else()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 10);
        var outcome = bank.Ask(new Authorisation(Bank.Alice, 3, 5, Bank.Height), new Transfer(AssetId.Bitcoin, Bank.Bob, 100), OperationSource.ForcedQueue);
        Assert.Equal("amount", outcome.Refusal!.Field);
        Assert.True(outcome.IndexSpent);
        Assert.Empty(outcome.Events);
        Assert.Equal(4u, bank.NextIndex(Bank.Alice));
        Assert.Equal((Amount)10, bank.Satoshis(Bank.Alice));

        outcome = bank.Ask(new Authorisation(Bank.Alice, 4, 0, Bank.Height - 1), OneSatoshi, OperationSource.ForcedQueue);
        Assert.Equal("authorisation.expiry", outcome.Refusal!.Field);
        Assert.Equal(5u, bank.NextIndex(Bank.Alice));

        // Nor may an account ask for this at all; its signature is in the open all the same.
        outcome = bank.Ask(new Authorisation(Bank.Alice, 5, 0, Bank.Height), new Deposit(2, AssetId.Bitcoin, Bank.Alice, 1), OperationSource.ForcedQueue);
        Assert.Equal("operation", outcome.Refusal!.Field);
        Assert.True(outcome.IndexSpent);
        Assert.Equal(6u, bank.NextIndex(Bank.Alice));

        // Not authorised at all: no index of anybody is spent.
        bank.Refuse("authorisation.index", () => bank.Ask(new Authorisation(Bank.Alice, 4, 0, Bank.Height), OneSatoshi, OperationSource.ForcedQueue));
        Bank.Accept(bank.Ask(new Authorisation(Bank.Alice, 6, 0, Bank.Height), OneSatoshi, OperationSource.ForcedQueue));
    }

    [Fact]
    public void The_state_starts_with_bitcoin_and_the_operator()
    {
        var state = FinanceEngine.Genesis(ModuleTable.All, Bank.Root(1), Bank.Key);
        Assert.Equal(3, state.Count);
        Assert.Equal(AssetKind.Bridged, state.Read(FinanceLeaves.Assets, 0).Kind);
        Assert.Equal(Bank.Root(1), state.Read(FinanceLeaves.Accounts, 1).KeyRoot);
        Assert.Throws<ArgumentException>(() => FinanceEngine.Genesis(ModuleTable.All, default, Bank.Key));
    }

    [Fact]
    public void Modules_share_no_operation_and_no_kind_of_leaf()
    {
        Assert.Throws<ArgumentException>(() => new ModuleTable(new AccountsModule(), new AccountsModule()));
        var codes = ModuleTable.All.Operations.Select(static handler => handler.Code).ToArray();
        Assert.Equal(Enum.GetValues<OperationCode>().Where(static code => code != OperationCode.None).Order(), codes.Order());
        Assert.Equal(Enum.GetValues<LeafKind>().Where(static kind => kind != LeafKind.None).Order(), ModuleTable.All.Leaves.Select(static leaf => leaf.Kind).Order());
        Assert.All(ModuleTable.Provable.Operations, static handler => Assert.False((int)handler.Code >> 8 == 5));
    }
}
