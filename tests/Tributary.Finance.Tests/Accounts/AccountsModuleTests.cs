using Tributary.Finance.Accounts;
using Tributary.Finance.Amounts;
using Tributary.Finance.Operations;
using Tributary.Finance.Transfers;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Tests.Accounts;

public sealed class AccountsModuleTests
{
    [Fact]
    public void Accounts_are_numbered_in_order()
    {
        var bank = new Bank();
        var first = (AccountRegistered)Bank.Accept(bank.Ask(Bank.Alice, new RegisterAccount(Bank.Root(50), Bank.Key))).Events[0];
        var second = (AccountRegistered)Bank.Accept(bank.System(new RegisterAccount(Bank.Root(50), Bank.Key))).Events[0];
        Assert.Equal(new AccountId(5), first.Account);
        Assert.Equal(new AccountId(6), second.Account);
        Assert.Equal(Bank.Root(50), second.KeyRoot);
    }

    [Fact]
    public void A_key_that_can_sign_nothing_is_refused()
    {
        var bank = new Bank();
        bank.Refuse("key_root", () => bank.System(new RegisterAccount(default, Bank.Key)));

        // Eight words of four bytes, each an element of the field: p itself is none, p − 1 is one.
        byte[] root = [.. Bank.Root(9).Span[..28], 0x01, 0x00, 0x00, 0x7f];
        bank.Refuse("key_root", () => bank.System(new RegisterAccount(new Bytes32(root), Bank.Key)));
        bank.Refuse("key_root", () => bank.Ask(Bank.Alice, new RotateKey(new Bytes32(root), Bank.Key)));
        root[28] = 0;
        Bank.Accept(bank.System(new RegisterAccount(new Bytes32(root), Bank.Key)));
        foreach (var key in (KeyParameters[])[default, new(1, 0), new(1, 32), new(2, 20)])
        {
            bank.Refuse("key_parameters", () => bank.System(new RegisterAccount(Bank.Root(9), key)));
            bank.Refuse("key_parameters", () => bank.Ask(Bank.Alice, new RotateKey(Bank.Root(9), key)));
        }
    }

    [Fact]
    public void Rotation_starts_the_indices_over()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 100);
        Bank.Accept(bank.Ask(new Authorisation(Bank.Alice, 900, 0, Bank.Height), new RotateKey(Bank.Root(70), new KeyParameters(1, 4))));
        Assert.Equal(0u, bank.NextIndex(Bank.Alice));
        Bank.Accept(bank.Ask(new Authorisation(Bank.Alice, 0, 0, Bank.Height), new Transfer(AssetId.Bitcoin, Bank.Bob, 1)));
        bank.Refuse("key_root", () => bank.Ask(Bank.Alice, new RotateKey(Bank.Root(70), Bank.Key)));
    }

    [Fact]
    public void The_last_index_is_kept_for_rotation()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 100);
        Bank.Accept(bank.Ask(Bank.Alice, new RotateKey(Bank.Root(70), new KeyParameters(1, 2))));
        var pay = new Transfer(AssetId.Bitcoin, Bank.Bob, 1);
        Bank.Accept(bank.Ask(new Authorisation(Bank.Alice, 2, 0, Bank.Height), pay));
        bank.Refuse("authorisation.index", () => bank.Ask(new Authorisation(Bank.Alice, 3, 0, Bank.Height), pay));
        bank.Refuse("authorisation.index", () => bank.Ask(new Authorisation(Bank.Alice, 4, 0, Bank.Height), new RotateKey(Bank.Root(71), Bank.Key)));
        Bank.Accept(bank.Ask(new Authorisation(Bank.Alice, 3, 0, Bank.Height), new RotateKey(Bank.Root(71), Bank.Key)));
        Bank.Accept(bank.Ask(Bank.Alice, pay));
    }
}
