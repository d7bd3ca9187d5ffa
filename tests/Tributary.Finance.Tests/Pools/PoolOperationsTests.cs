using System.Numerics;
using Tributary.Finance.Amounts;
using Tributary.Finance.Numerics;
using Tributary.Finance.Operations;
using Tributary.Finance.Pools;
using Market = Tributary.Finance.Tests.Pools.UniswapVectorTests.Market;

namespace Tributary.Finance.Tests.Pools;

/// <summary>What a pair of the original does beyond single swaps. Figures marked v2-core are those of its test/UniswapV2Pair.spec.ts.</summary>
public sealed class PoolOperationsTests
{
    private static Amount Tokens(ulong count) => new(count * (UInt128)1_000_000_000_000_000_000);

    private static Amount Exactly(string units) => new(UInt128.Parse(units));

    [Fact]
    public void Without_a_protocol_fee_burning_everything_leaves_the_minimum_liquidity()
    {
        // v2-core, feeTo:off
        var market = new Market();
        market.Add(Tokens(1000), Tokens(1000));
        Bank.Accept(market.Swap(0, Tokens(1), Exactly("996006981039903216"), 0));
        market.Remove(Tokens(1000) - 1000);
        Assert.Equal((Amount)1000, market.Supply);
        Assert.Equal(UInt256.Zero, market.Pool.LastProduct);
    }

    [Fact]
    public void The_protocol_gets_a_sixth_of_the_growth_as_shares()
    {
        // v2-core, feeTo:on
        var market = new Market();
        Bank.Accept(market.Bank.Ask(AccountId.Operator, new SetPoolFeeRecipient(Bank.Carol)));
        market.Add(Tokens(1000), Tokens(1000));
        Bank.Accept(market.Swap(0, Tokens(1), Exactly("996006981039903216"), 0));
        market.Remove(Tokens(1000) - 1000);
        Assert.Equal(Exactly("249750499252388"), market.Supply);
        Assert.Equal(Exactly("249750499251388"), market.Bank.Balance(Bank.Carol, market.Pool.Liquidity));
        Assert.Equal(UInt128.Parse("249501683698445"), market.Pool.Reserve0);
        Assert.Equal(UInt128.Parse("250000187313969"), market.Pool.Reserve1);
        Assert.Equal(UInt256.Multiply(market.Pool.Reserve0, market.Pool.Reserve1), market.Pool.LastProduct);
    }

    [Fact]
    public void Turning_the_protocol_fee_off_forgets_what_it_remembered()
    {
        var market = new Market();
        Bank.Accept(market.Bank.Ask(AccountId.Operator, new SetPoolFeeRecipient(Bank.Carol)));
        market.Add(Tokens(10), Tokens(10));
        Assert.NotEqual(UInt256.Zero, market.Pool.LastProduct);
        Bank.Accept(market.Bank.Ask(AccountId.Operator, new SetPoolFeeRecipient(AccountId.Nobody)));
        Bank.Accept(market.Swap(Tokens(1), 0, 0, Exactly("906610893880149131")));
        market.Add(Tokens(11), Tokens(11));
        Assert.Equal(UInt256.Zero, market.Pool.LastProduct);
        Assert.Equal(Amount.Zero, market.Bank.Balance(Bank.Carol, market.Pool.Liquidity));
        market.Bank.Refuse("authorisation.account", () => market.Bank.Ask(Bank.Alice, new SetPoolFeeRecipient(Bank.Alice)));
        market.Bank.Refuse("recipient", () => market.Bank.Ask(AccountId.Operator, new SetPoolFeeRecipient(new AccountId(99))));
    }

    [Fact]
    public void Prices_add_up_over_blocks_by_the_reserves_before()
    {
        // v2-core, price{0,1}CumulativeLast, with blocks for seconds
        var market = new Market();
        var start = market.Bank.Now;
        market.Add(Tokens(3), Tokens(3));
        Assert.Equal(UInt256.Zero, market.Pool.CumulativePrice0);
        market.Bank.Now = start + 1;
        Bank.Accept(market.Bank.Ask(Bank.Alice, new Sync(market.Asset0, market.Asset1)));
        AssertPrices(Price(3, 3), Price(3, 3), start + 1);

        market.Bank.Now = start + 10;
        Bank.Accept(market.Swap(Tokens(3), 0, 0, Tokens(1)));
        AssertPrices(10 * Price(3, 3), 10 * Price(3, 3), start + 10);
        Bank.Accept(market.Bank.Ask(Bank.Alice, new Sync(market.Asset0, market.Asset1)));
        AssertPrices(10 * Price(3, 3), 10 * Price(3, 3), start + 10);

        market.Bank.Now = start + 20;
        Bank.Accept(market.Bank.Ask(Bank.Alice, new Sync(market.Asset0, market.Asset1)));
        AssertPrices((10 * Price(3, 3)) + (10 * Price(2, 6)), (10 * Price(3, 3)) + (10 * Price(6, 2)), start + 20);
        market.Bank.Now = start;
        market.Bank.Refuse("height", () => market.Bank.Ask(Bank.Alice, new Sync(market.Asset0, market.Asset1)));

        static BigInteger Price(ulong numerator, ulong denominator) => (new BigInteger(numerator) << 112) / denominator;

        void AssertPrices(BigInteger price0, BigInteger price1, uint height)
        {
            Assert.Equal(price0, market.Pool.CumulativePrice0.ToBigInteger());
            Assert.Equal(price1, market.Pool.CumulativePrice1.ToBigInteger());
            Assert.Equal(height, market.Pool.LastHeight);
        }
    }

    [Fact]
    public void Cumulative_prices_wrap_around()
    {
        var pool = new PoolLeaf
        {
            Liquidity = new AssetId(9),
            Reserve0 = 1,
            Reserve1 = PoolLeaf.MaxReserve,
            Balance0 = 1,
            Balance1 = PoolLeaf.MaxReserve,
            CumulativePrice0 = UInt256.MaxValue,
            LastHeight = 5,
        };
        var price = ((BigInteger)PoolLeaf.MaxReserve << 112) * uint.MaxValue;
        var counted = ConstantProduct.Sync(pool, 4).Value;
        Assert.Equal(price - 1, counted.CumulativePrice0.ToBigInteger());
        Assert.Equal(BigInteger.Zero, counted.CumulativePrice1.ToBigInteger() % uint.MaxValue);
    }

    [Fact]
    public void Later_liquidity_is_counted_by_its_scarcer_side_and_the_rest_stays()
    {
        var market = new Market();
        market.Add(Tokens(1), Tokens(4));
        var added = market.Add(Tokens(1), Tokens(2));
        Assert.Equal(Tokens(1), added.Liquidity);
        Assert.Equal(Tokens(3), market.Supply);
        Assert.Equal(Tokens(6).Units, market.Pool.Reserve1);
        market.Bank.Refuse("minimum_liquidity", () => market.Bank.Ask(
            Bank.Alice, new AddLiquidity(market.Asset0, market.Asset1, Tokens(1), Tokens(3), Tokens(2))));
    }

    [Fact]
    public void Donations_are_skimmed_counted_or_taken_by_who_comes_next()
    {
        var market = new Market();
        market.Add(Tokens(5), Tokens(5));
        var donate = new Donate(market.Asset0, market.Asset1, 1000, 7);
        Bank.Accept(market.Bank.Ask(Bank.Alice, donate));
        Assert.Equal(Tokens(5).Units, market.Pool.Reserve0);
        Bank.Accept(market.Bank.Ask(Bank.Bob, new Skim(market.Asset0, market.Asset1)));
        Assert.Equal((Amount)1000, market.Bank.Balance(Bank.Bob, market.Asset0));
        Assert.Equal((Amount)7, market.Bank.Balance(Bank.Bob, market.Asset1));

        Bank.Accept(market.Bank.Ask(Bank.Alice, donate));
        Bank.Accept(market.Bank.Ask(Bank.Bob, new Sync(market.Asset0, market.Asset1)));
        Assert.Equal((Tokens(5) + 1000).Units, market.Pool.Reserve0);

        // Bob swaps with what Alice gave.
        Bank.Accept(market.Bank.Ask(Bank.Alice, new Donate(market.Asset0, market.Asset1, 1_000_000, 0)));
        Bank.Accept(market.Bank.Ask(Bank.Bob, new Swap(market.Asset0, market.Asset1, 0, 0, 0, 996_000)));
        Assert.Equal((Amount)996_007, market.Bank.Balance(Bank.Bob, market.Asset1));
    }

    [Fact]
    public void What_comes_out_may_be_what_goes_in()
    {
        // v2-core, optimistic: Bob has nothing but the fee.
        var market = new Market();
        market.Add(Tokens(5), Tokens(5));
        Bank.Accept(market.Bank.Ask(Bank.Alice, new Tributary.Finance.Transfers.Transfer(market.Asset0, Bank.Bob, Exactly("3009027081243732"))));
        Bank.Accept(market.Bank.Ask(Bank.Bob, new Swap(market.Asset0, market.Asset1, Exactly("1003009027081243732"), 0, Tokens(1), 0)));
        Assert.Equal(Amount.Zero, market.Bank.Balance(Bank.Bob, market.Asset0));
        market.Bank.Refuse("amount0", () => market.Bank.Ask(Bank.Bob, new Swap(market.Asset0, market.Asset1, Tokens(2), 0, Tokens(1), 0)));
    }

    [Fact]
    public void Impossible_swaps_and_pools_are_refused()
    {
        var market = new Market();
        market.Bank.Refuse("pool.liquidity", () => market.Swap(1, 0, 0, 1));
        market.Bank.Refuse("pool.liquidity", () => market.Bank.Ask(Bank.Alice, new AddLiquidity(market.Asset0, market.Asset1, 1000, 1000, 0)));
        market.Bank.Refuse("pool.overflow", () => market.Bank.Ask(
            Bank.Alice, new AddLiquidity(market.Asset0, market.Asset1, new Amount(PoolLeaf.MaxReserve + 1), 5000, 0)));
        market.Add(Tokens(5), Tokens(5));
        market.Bank.Refuse("pool.output", () => market.Swap(1, 0, 0, 0));
        market.Bank.Refuse("pool.input", () => market.Swap(0, 0, 0, 1));
        market.Bank.Refuse("pool.liquidity", () => market.Swap(Tokens(5), 0, 0, Tokens(5)));
        market.Bank.Refuse("pool.liquidity", () => market.Swap(Tokens(5), 0, 0, Tokens(50)));
        market.Bank.Refuse("pool.k", () => market.Swap(1, 0, 0, 1));
        market.Bank.Refuse("amount0", () => market.Bank.Ask(Bank.Bob, new Swap(market.Asset0, market.Asset1, 1, 0, 0, 1)));
        market.Bank.Refuse("pool.overflow", () => market.Swap(new Amount(PoolLeaf.MaxReserve), 0, 0, 1));
        market.Bank.Refuse("pool.liquidity", () => market.Bank.Ask(Bank.Alice, new AddLiquidity(market.Asset0, market.Asset1, 0, 100, 0)));
        market.Bank.Refuse("pool.liquidity", () => market.Bank.Ask(Bank.Alice, new RemoveLiquidity(market.Asset0, market.Asset1, 0, 0, 0)));
        market.Bank.Refuse("liquidity", () => market.Bank.Ask(Bank.Bob, new RemoveLiquidity(market.Asset0, market.Asset1, 1, 0, 0)));
        market.Bank.Refuse("minimum_amount", () => market.Bank.Ask(Bank.Alice, new RemoveLiquidity(market.Asset0, market.Asset1, 500, 501, 0)));
        market.Bank.Refuse("pool", () => market.Bank.Ask(Bank.Alice, new Sync(market.Asset1, market.Asset0)));
        market.Bank.Refuse("pool", () => market.Bank.Ask(Bank.Alice, new CreatePool(market.Asset0, market.Asset1)));
        market.Bank.Refuse("asset1", () => market.Bank.Ask(Bank.Alice, new CreatePool(market.Asset1, market.Asset0)));
        market.Bank.Refuse("asset", () => market.Bank.Ask(Bank.Alice, new CreatePool(market.Asset1, new AssetId(77))));
        market.Bank.Refuse("amount", () => market.Bank.Ask(Bank.Alice, new Donate(market.Asset0, market.Asset1, 0, 0)));
    }

    [Fact]
    public void A_balance_beyond_128_bits_is_refused_and_not_wrapped()
    {
        var bank = new Bank();
        var asset0 = bank.NewAsset(Bank.Alice, Amount.MaxValue);
        var asset1 = bank.NewAsset(Bank.Alice, Amount.MaxValue);
        Bank.Accept(bank.Ask(Bank.Alice, new CreatePool(asset0, asset1)));
        Bank.Accept(bank.Ask(Bank.Alice, new AddLiquidity(asset0, asset1, 10_000, 10_000, 0)));
        Bank.Accept(bank.Ask(Bank.Alice, new Donate(asset0, asset1, Amount.MaxValue - 10_000, 0)));
        bank.Refuse("pool.overflow", () => bank.Ask(Bank.Alice, new Swap(asset0, asset1, 5_000, 0, 5_000, 0)));
        bank.Refuse("pool.overflow", () => bank.Ask(Bank.Alice, new Sync(asset0, asset1)));
        Bank.Accept(bank.Ask(Bank.Alice, new Skim(asset0, asset1)));
        Assert.Equal(Amount.MaxValue - 10_000, bank.Balance(Bank.Alice, asset0));
    }

    [Fact]
    public void A_rollup_that_proves_takes_no_pool_operations()
    {
        var bank = new Bank(Finance.Engine.ModuleTable.Provable);
        bank.Refuse("operation", () => bank.Ask(Bank.Alice, new Sync(new AssetId(0), new AssetId(1))));
        var bytes = OperationCodec.Write(new OperationRequest(new Sync(new AssetId(0), new AssetId(1)), new Authorisation(Bank.Alice, 0, 0, 9)));
        Assert.True(OperationCodec.Read(Finance.Engine.ModuleTable.All, bytes).IsOk);
        Assert.Equal("operation", OperationCodec.Read(Finance.Engine.ModuleTable.Provable, bytes).Error.Field);
    }
}
