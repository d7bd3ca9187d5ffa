using Tributary.Finance.Amounts;
using Tributary.Finance.Assets;
using Tributary.Finance.State;

namespace Tributary.Finance.Tests.Assets;

public sealed class AssetsModuleTests
{
    [Fact]
    public void Only_the_issuer_issues_and_only_up_to_the_limit()
    {
        var bank = new Bank();
        var created = (AssetCreated)Bank.Accept(bank.Ask(Bank.Alice, new CreateAsset(2, 1000, Bank.Root(3)))).Events[0];
        Assert.Equal(new AssetId(1), created.Asset);
        Assert.Equal(Bank.Root(3), bank.State.Read(FinanceLeaves.Assets, 1).Metadata);
        Bank.Accept(bank.Ask(Bank.Alice, new Issue(created.Asset, Bank.Bob, 600)));
        bank.Refuse("authorisation.account", () => bank.Ask(Bank.Bob, new Issue(created.Asset, Bank.Bob, 1)));
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, new Issue(created.Asset, Bank.Bob, 401)));
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, new Issue(created.Asset, Bank.Bob, Amount.MaxValue)));
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, new Issue(created.Asset, Bank.Bob, 0)));
        bank.Refuse("to", () => bank.Ask(Bank.Alice, new Issue(created.Asset, AccountId.Nobody, 1)));
        bank.Refuse("asset", () => bank.Ask(Bank.Alice, new Issue(new AssetId(9), Bank.Bob, 1)));
        bank.Refuse("asset", () => bank.Ask(AccountId.Operator, new Issue(AssetId.Bitcoin, Bank.Bob, 1)));
        Bank.Accept(bank.Ask(Bank.Alice, new Issue(created.Asset, Bank.Carol, 400)));
        Assert.Equal((Amount)1000, bank.Supply(created.Asset));
    }

    [Fact]
    public void Retiring_makes_room_to_issue_again()
    {
        var bank = new Bank();
        var asset = bank.NewAsset(Bank.Alice, Amount.MaxValue);
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, new Issue(asset, Bank.Alice, 1)));
        Bank.Accept(bank.Ask(Bank.Alice, new Retire(asset, 5)));
        Bank.Accept(bank.Ask(Bank.Alice, new Issue(asset, Bank.Bob, 5)));
        Assert.Equal(Amount.MaxValue, bank.Supply(asset));
        bank.Refuse("amount", () => bank.Ask(Bank.Bob, new Retire(asset, 6)));
        bank.Refuse("amount", () => bank.Ask(Bank.Bob, new Retire(asset, 0)));
        bank.Refuse("asset", () => bank.Ask(Bank.Bob, new Retire(AssetId.Bitcoin, 1)));
    }

    [Fact]
    public void An_asset_that_makes_no_sense_is_refused()
    {
        var bank = new Bank();
        bank.Refuse("decimals", () => bank.Ask(Bank.Alice, new CreateAsset(37, 1, default)));
        bank.Refuse("limit", () => bank.Ask(Bank.Alice, new CreateAsset(0, 0, default)));
    }

    [Fact]
    public void Deposits_come_once_and_in_order()
    {
        var bank = new Bank();
        bank.Refuse("number", () => bank.System(new Deposit(2, AssetId.Bitcoin, Bank.Alice, 5)));
        Assert.Equal([new Deposited(1, AssetId.Bitcoin, Bank.Alice, 5)], Bank.Accept(bank.System(new Deposit(1, AssetId.Bitcoin, Bank.Alice, 5))).Events);
        bank.Refuse("number", () => bank.System(new Deposit(1, AssetId.Bitcoin, Bank.Alice, 5)));
        bank.Refuse("to", () => bank.System(new Deposit(2, AssetId.Bitcoin, new AccountId(77), 5)));
        bank.Refuse("amount", () => bank.System(new Deposit(2, AssetId.Bitcoin, Bank.Alice, 2_100_000_000_000_000)));
        var issued = bank.NewAsset(Bank.Alice, 1);
        bank.Refuse("asset", () => bank.System(new Deposit(2, issued, Bank.Alice, 5)));
    }

    [Fact]
    public void Withdrawals_are_numbered_and_leave_the_supply()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 100);
        byte[] script = [0x00, 0x14, .. new byte[20]];
        var first = (Withdrawn)Bank.Accept(bank.Ask(Bank.Alice, new Withdraw(AssetId.Bitcoin, 40, script))).Events[0];
        var second = (Withdrawn)Bank.Accept(bank.Ask(Bank.Alice, new Withdraw(AssetId.Bitcoin, 60, script))).Events[0];
        Assert.Equal(new Withdrawn(1, AssetId.Bitcoin, Bank.Alice, 40, script), first);
        Assert.Equal(2u, second.Number);
        Assert.Equal(Amount.Zero, bank.Supply(AssetId.Bitcoin));
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, new Withdraw(AssetId.Bitcoin, 1, script)));
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, new Withdraw(AssetId.Bitcoin, 0, script)));
        bank.Refuse("script", () => bank.Ask(Bank.Alice, new Withdraw(AssetId.Bitcoin, 1, Array.Empty<byte>())));
        bank.Refuse("script", () => bank.Ask(Bank.Alice, new Withdraw(AssetId.Bitcoin, 1, new byte[43])));
        var issued = bank.NewAsset(Bank.Alice, 1);
        bank.Refuse("asset", () => bank.Ask(Bank.Alice, new Withdraw(issued, 1, script)));
    }

    [Fact]
    public void Numbers_of_assets_end_where_the_state_tree_has_no_more_places()
    {
        var bank = new Bank();
        for (var asset = 1u; asset < AssetId.Limit; asset++)
            Bank.Accept(bank.Ask(Bank.Alice, new CreateAsset(0, 1, default)));
        bank.Refuse("operation", () => bank.Ask(Bank.Alice, new CreateAsset(0, 1, default)));
    }
}
