using System.Security.Cryptography;
using Tributary.Finance.Amounts;
using Tributary.Finance.Htlcs;
using Tributary.Finance.Operations;
using Tributary.Finance.State;
using Tributary.Primitives.Bytes;

namespace Tributary.Finance.Tests.Htlcs;

public sealed class HtlcsModuleTests
{
    private static readonly Bytes32 Preimage = Bank.Root(1234);
    private static readonly Bytes32 Hash = new(SHA256.HashData(Preimage.Span));

    private static Bank Locked()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 100);
        var locked = (HtlcLocked)Bank.Accept(bank.Ask(Bank.Alice, new LockHtlc(AssetId.Bitcoin, Bank.Bob, 60, Hash, Bank.Height + 10))).Events[0];
        Assert.Equal(new HtlcId(1), locked.Htlc);
        Assert.Equal((Amount)40, bank.Satoshis(Bank.Alice));
        Assert.Equal((Amount)100, bank.Supply(AssetId.Bitcoin));
        return bank;
    }

    [Fact]
    public void The_preimage_pays_the_recipient_until_the_timeout()
    {
        var bank = Locked();
        bank.Refuse("preimage", () => bank.Anybody(new ClaimHtlc(new HtlcId(1), Hash)));
        bank.Refuse("htlc", () => bank.Anybody(new ClaimHtlc(new HtlcId(2), Preimage)));
        bank.Now = Bank.Height + 9;
        bank.Refuse("htlc", () => bank.Anybody(new RefundHtlc(new HtlcId(1))));
        var claimed = (HtlcClaimed)Bank.Accept(bank.Anybody(new ClaimHtlc(new HtlcId(1), Preimage))).Events[0];
        Assert.Equal(Preimage, claimed.Preimage);
        Assert.Equal((Amount)60, bank.Satoshis(Bank.Bob));
        bank.Refuse("htlc", () => bank.Anybody(new ClaimHtlc(new HtlcId(1), Preimage)));
        bank.Now = Bank.Height + 10;
        bank.Refuse("htlc", () => bank.Anybody(new RefundHtlc(new HtlcId(1))));
    }

    [Fact]
    public void From_the_timeout_on_the_sender_gets_it_back()
    {
        var bank = Locked();
        bank.Now = Bank.Height + 10;
        bank.Refuse("htlc", () => bank.Anybody(new ClaimHtlc(new HtlcId(1), Preimage)));
        Bank.Accept(bank.Engine.Apply(new OperationContext(bank.Now, OperationSource.ForcedQueue), new OperationRequest(new RefundHtlc(new HtlcId(1)), null)));
        Assert.Equal((Amount)100, bank.Satoshis(Bank.Alice));
        Assert.True(bank.State.Read(FinanceLeaves.Htlcs, 1).IsEmpty);
    }

    [Fact]
    public void A_lock_that_could_not_end_is_refused()
    {
        var bank = new Bank();
        bank.Fund(Bank.Alice, 100);
        var good = new LockHtlc(AssetId.Bitcoin, Bank.Bob, 1, Hash, Bank.Height + 1);
        bank.Refuse("timeout", () => bank.Ask(Bank.Alice, good with { Timeout = Bank.Height }));
        bank.Refuse("timeout", () => bank.Ask(Bank.Alice, good with { Timeout = 0 }));
        bank.Refuse("timeout", () => bank.Ask(Bank.Alice, good with { Timeout = Bank.Height + LockHtlc.MaxBlocks + 1 }));
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, good with { Amount = 0 }));
        bank.Refuse("amount", () => bank.Ask(Bank.Alice, good with { Amount = 101 }));
        bank.Refuse("recipient", () => bank.Ask(Bank.Alice, good with { Recipient = new AccountId(50) }));

        // To oneself: of use where both sides of a swap are one's own.
        Bank.Accept(bank.Ask(Bank.Alice, good with { Recipient = Bank.Alice, Timeout = Bank.Height + LockHtlc.MaxBlocks }));
    }
}
