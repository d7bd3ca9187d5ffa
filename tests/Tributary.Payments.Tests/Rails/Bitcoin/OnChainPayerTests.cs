using Tributary.Bitcoin.Wallets;
using Tributary.Payments.Intents;
using Tributary.Payments.Rails;
using Tributary.Payments.Rails.Bitcoin;
using Tributary.Payments.Rails.Transfers;
using Tributary.Primitives.Amounts;

namespace Tributary.Payments.Tests.Rails.Bitcoin;

/// <summary>Money out on chain, on a real wallet.</summary>
public sealed class OnChainPayerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_transfer_is_one_transaction_however_often_it_is_asked_for()
    {
        await using var world = await OpenAsync();
        var transfer = await TransferAsync(world, "re_1", 700_000);
        var sent = Assert.IsType<OutgoingReport.Sent>(await world.OnChainPayer.SendAsync(transfer, Token));
        Assert.True(sent.Fee > 0);
        await world.ReopenAsync();
        Assert.Equal(sent, await world.OnChainPayer.SendAsync(transfer, Token));
        await world.MineAsync(1);
        await ReceivedAsync(world, 700_000);
    }

    [Theory]
    [InlineData("UPDATE rail_transfers SET state = 'Sending'")]
    [InlineData("UPDATE rail_transfers SET state = 'Sending', content = NULL, reference = NULL")]
    [InlineData("DELETE FROM rail_transfers")]
    public async Task A_server_that_dies_after_any_step_or_comes_back_with_an_older_database_pays_once(string lost)
    {
        await using var world = await OpenAsync();
        var transfer = await TransferAsync(world, "re_1", 700_000);
        var sent = await world.OnChainPayer.SendAsync(transfer, Token);
        await world.Database.WriteAsync((transaction, token) => transaction.ExecuteAsync(lost, [], token), Token);
        await world.ReopenAsync();
        Assert.Equal(sent, await world.OnChainPayer.SendAsync(transfer, Token));
        await world.MineAsync(1);
        await ReceivedAsync(world, 700_000);
        Assert.Single(world.Merchant.Wallet.Transactions, static one => one.Sent > Satoshis.Zero);
    }

    [Fact]
    public async Task A_transaction_that_was_signed_and_never_sent_goes_out_as_it_was_signed()
    {
        await using var world = await OpenAsync();
        var transfer = await TransferAsync(world, "re_1", 700_000);

        // As far as a process comes that dies before it hands the transaction to its wallet.
        var address = Tributary.Bitcoin.Addresses.Address.Parse(transfer.Destination, world.Merchant.Wallet.Network).Value;
        var request = new Tributary.Bitcoin.Wallets.Spending.SendRequest
        {
            Outputs = [Tributary.Bitcoin.Wallets.Spending.SendOutput.To(address, new Satoshis(700_000))],
            Label = OnChainPayer.LabelPrefix + transfer.Id,
        };
        var draft = (await world.Merchant.Wallet.BuildAsync(request, Token)).Value;
        var stored = new StoredTransfer(transfer.Id, RailKind.OnChain, draft.Transaction!.TxId.ToString(), TransferState.Sending, transfer.Amount, draft.Fee.Value * 1000, DateTimeOffset.UtcNow)
        {
            Content = draft.Transaction.Memory.ToArray(),
        };
        await TransferStore.EndAsync(world.Database, stored, Token);
        await world.ReopenAsync();
        var sent = Assert.IsType<OutgoingReport.Sent>(await world.OnChainPayer.SendAsync(transfer, Token));
        Assert.Equal(draft.Transaction.TxId.ToString(), sent.Reference);
        Assert.Empty(world.Merchant.Wallet.Leases);
    }

    [Fact]
    public async Task What_the_wallet_cannot_pay_fails_for_good_and_sets_nothing_aside()
    {
        await using var world = await OpenAsync();
        var transfer = await TransferAsync(world, "re_1", 6_000_000_000);
        Assert.Equal("insufficient_funds", Assert.IsType<OutgoingReport.Failed>(await world.OnChainPayer.SendAsync(transfer, Token)).Code);
        var dear = (await TransferAsync(world, "re_2", 100_000)) with { FeeMax = 1_000 };
        Assert.Equal("fee_too_high", Assert.IsType<OutgoingReport.Failed>(await world.OnChainPayer.SendAsync(dear, Token)).Code);
        Assert.Empty(world.Merchant.Wallet.Leases);
    }

    [Fact]
    public async Task A_destination_is_read_and_refused_with_the_reason()
    {
        await using var world = await OpenAsync();
        var address = (await world.Shopper.Node.NewAddressAsync(Token)).Value.ToString();
        Assert.Equal(address, world.OnChainPayer.Read($"bitcoin:{address}?amount=0.1", 5_000_000).Value.Destination);
        Assert.Equal("amount_not_whole", world.OnChainPayer.Read(address, 5_000_001).Error.Code);
        Assert.Equal("amount_too_small", world.OnChainPayer.Read(address, 999_000).Error.Code);
        Assert.Equal("destination_invalid", world.OnChainPayer.Read("bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq", 5_000_000).Error.Code);
        Assert.Equal("destination_invalid", world.OnChainPayer.Read(null, 5_000_000).Error.Code);
    }

    private static async Task<RailWorld> OpenAsync()
    {
        var world = await RailWorld.OpenAsync(hasChannel: false);
        await world.FundAsync(world.Merchant);
        return world;
    }

    private static async Task<OutgoingTransfer> TransferAsync(RailWorld world, string id, long satoshis) =>
        new(id, (await world.Shopper.Node.NewAddressAsync(Token)).Value.ToString(), satoshis * 1000, 50_000_000, null);

    private static Task ReceivedAsync(RailWorld world, long satoshis) => RailWorld.WaitAsync(() =>
        Task.FromResult(world.Shopper.Wallet.Transactions.Count(one => one.State == WalletTransactionState.Confirmed && one.Received.Value == satoshis) == 1));
}
