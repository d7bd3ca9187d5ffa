using Tributary.Finance.Amounts;
using Tributary.Finance.Transfers;

namespace Tributary.Finance.Tests.Transfers;

public sealed class TransfersModuleTests
{
    private static TransferMany Pay(params Payment[] payments) => new(AssetId.Bitcoin, payments);

    [Fact]
    public void A_transfer_that_can_not_be_is_refused()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 100);
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, new Transfer(AssetId.Bitcoin, Bank.Bob, 101)));
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, new Transfer(AssetId.Bitcoin, Bank.Bob, 0)));
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, new Transfer(new AssetId(8), Bank.Bob, 1)));
        bank.Refuse("to", () => bank.Ask(Bank.Alice, new Transfer(AssetId.Bitcoin, Bank.Alice, 1)));
        bank.Refuse("to", () => bank.Ask(Bank.Alice, new Transfer(AssetId.Bitcoin, AccountId.Nobody, 1)));
        bank.Refuse("to", () => bank.Ask(Bank.Alice, new Transfer(AssetId.Bitcoin, new AccountId(55), 1)));
        Bank.Accept(bank.Ask(Bank.Alice, new Transfer(AssetId.Bitcoin, Bank.Bob, 100)));
        Assert.Equal(Amount.Zero, bank.Satoshis(Bank.Alice));
        Assert.Equal((Amount)100, bank.Satoshis(Bank.Bob));
    }

    [Fact]
    public void Many_are_paid_together_or_not_at_all()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 100);
        Bank.Accept(bank.Ask(Bank.Alice, Pay(new Payment(Bank.Bob, 10), new Payment(Bank.Carol, 20))));
        Assert.Equal((Amount)10, bank.Satoshis(Bank.Bob));
        Assert.Equal((Amount)20, bank.Satoshis(Bank.Carol));
        bank.Refuse("payments[1].amount", () => bank.Ask(Bank.Alice, Pay(new Payment(Bank.Bob, 10), new Payment(Bank.Carol, 61))));
        bank.Refuse("payments[1].to", () => bank.Ask(Bank.Alice, Pay(new Payment(Bank.Carol, 1), new Payment(Bank.Bob, 1))));
        bank.Refuse("payments[1].to", () => bank.Ask(Bank.Alice, Pay(new Payment(Bank.Bob, 1), new Payment(Bank.Bob, 1))));
        bank.Refuse("payments[0].to", () => bank.Ask(Bank.Alice, Pay(new Payment(Bank.Alice, 1))));
        bank.Refuse("payments", () => bank.Ask(Bank.Alice, Pay()));
        bank.Refuse("payments", () => bank.Ask(
            Bank.Alice, Pay([.. Enumerable.Range(0, 257).Select(static i => new Payment(new AccountId((uint)i), 1))])));
    }
}
