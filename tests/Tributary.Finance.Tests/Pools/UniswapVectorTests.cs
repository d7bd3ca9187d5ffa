using System.Text.Json;
using Tributary.Finance.Amounts;
using Tributary.Finance.Pools;
using Tributary.Finance.State;
using Tributary.Testing;

namespace Tributary.Finance.Tests.Pools;

/// <summary>The numbers of the original's own tests, through the whole engine: every unit comes from an account and goes to one.</summary>
public sealed class UniswapVectorTests
{
    private const string File = "finance/uniswap_v2_pair.json";

    /// <summary>The original's reverts, in the engine's terms.</summary>
    private static readonly Dictionary<string, string> Reverts = new(StringComparer.Ordinal)
    {
        ["UniswapV2: K"] = "pool.k",
        ["UniswapV2: INSUFFICIENT_LIQUIDITY"] = "pool.liquidity",
        ["UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED"] = "pool.liquidity",
        ["UniswapV2: INSUFFICIENT_LIQUIDITY_BURNED"] = "pool.liquidity",
        ["UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT"] = "pool.output",
        ["UniswapV2: INSUFFICIENT_INPUT_AMOUNT"] = "pool.input",
        ["UniswapV2: OVERFLOW"] = "pool.overflow",
    };

    [Fact]
    public void Every_case_comes_out_to_the_unit()
    {
        using var document = Vectors.Json(File);
        var cases = document.RootElement.GetProperty("cases");
        Assert.NotEqual(0, cases.GetArrayLength());
        foreach (var item in cases.EnumerateArray())
        {
            var (input, expected) = (item.GetProperty("input"), item.GetProperty("expected"));
            switch (item.GetProperty("operation").GetString())
            {
                case "swapExactInput0For1":
                    Swap(input, expected, "amount0In", "amount1Out", "maxAmount1Out", "amount1OutThatReverts");
                    break;
                case "swapExactInput1For0":
                    Swap(input, expected, "amount1In", "amount0Out", "maxAmount0Out", "amount0OutThatReverts");
                    break;
                case "swapSameTokenInOut0":
                    Swap(input, expected, "amount0In", "amount0Out", "maxAmount0Out", "amount0OutThatReverts");
                    break;
                case "swapSameTokenInOut1":
                    Swap(input, expected, "amount1In", "amount1Out", "maxAmount1Out", "amount1OutThatReverts");
                    break;
                case "mintFirst":
                    MintFirst(input, expected);
                    break;
                case "burnAllProviderLiquidity":
                    BurnAll(input, expected);
                    break;
                default:
                    Assert.Fail($"{item.GetProperty("name")}: no such operation is known here");
                    break;
            }
        }
    }

    private static void Swap(JsonElement input, JsonElement expected, string inName, string outName, string maxName, string revertName)
    {
        var market = new Market();
        market.Add(Number(input, "reserve0"), Number(input, "reserve1"));
        var amountIn = Number(input, inName);
        var best = Number(expected, expected.TryGetProperty(maxName, out _) ? maxName : outName);
        Amount in0 = inName[6] == '0' ? amountIn : 0, in1 = inName[6] == '1' ? amountIn : 0;
        if (expected.TryGetProperty(revertName, out _))
        {
            var (tooMuch0, tooMuch1) = Sides(outName, Number(expected, revertName));
            market.Bank.Refuse(Reverts[expected.GetProperty("revertReason").GetString()!], () => market.Swap(in0, in1, tooMuch0, tooMuch1));
        }

        var (out0, out1) = Sides(outName, best);
        var swapped = (Swapped)Bank.Accept(market.Swap(in0, in1, out0, out1)).Events[0];
        if (expected.TryGetProperty("event.amount0In", out _))
        {
            Assert.Equal(Number(expected, "event.amount0In"), swapped.Amount0In);
            Assert.Equal(Number(expected, "event.amount1In"), swapped.Amount1In);
            Assert.Equal(Number(expected, "event.amount0Out"), swapped.Amount0Out);
            Assert.Equal(Number(expected, "event.amount1Out"), swapped.Amount1Out);
        }

        if (inName[6] != outName[6])
        {
            var (from, to) = inName[6] == '0' ? ("reserve0", "reserve1") : ("reserve1", "reserve0");
            Assert.Equal(best.Units, ConstantProduct.AmountOut(amountIn.Units, Number(input, from).Units, Number(input, to).Units));
        }

        market.AssertReserves(expected);
    }

    private static void MintFirst(JsonElement input, JsonElement expected)
    {
        var market = new Market();
        var added = market.Add(Number(input, "amount0"), Number(input, "amount1"));
        Assert.Equal(Number(expected, "liquidityToProvider"), added.Liquidity);
        Assert.Equal(Number(expected, "totalSupply"), market.Supply);
        Assert.Equal(Number(expected, "lockedMinimumLiquidity"), market.Bank.Balance(AccountId.Nobody, market.Pool.Liquidity));
        market.AssertReserves(expected);
    }

    private static void BurnAll(JsonElement input, JsonElement expected)
    {
        var market = new Market();
        market.Add(Number(input, "reserve0"), Number(input, "reserve1"));
        Assert.Equal(Number(input, "totalSupply"), market.Supply);
        var removed = market.Remove(Number(input, "liquidityBurned"));
        Assert.Equal(Number(expected, "amount0Out"), removed.Amount0);
        Assert.Equal(Number(expected, "amount1Out"), removed.Amount1);
        Assert.Equal(Number(expected, "totalSupplyAfter"), market.Supply);
        market.AssertReserves(expected);
    }

    private static (Amount Out0, Amount Out1) Sides(string outName, Amount amount) => outName[6] == '0' ? (amount, 0) : (0, amount);

    private static Amount Number(JsonElement element, string name) => new(UInt128.Parse(element.GetProperty(name).GetString()!));

    /// <summary>One pool of two assets, and a provider with plenty of both.</summary>
    internal sealed class Market
    {
        public Market()
        {
            Asset0 = Bank.NewAsset(Bank.Alice, new Amount(UInt128.One << 120));
            Asset1 = Bank.NewAsset(Bank.Alice, new Amount(UInt128.One << 120));
            Bank.Accept(Bank.Ask(Bank.Alice, new CreatePool(Asset0, Asset1)));
        }

        public Bank Bank { get; } = new();

        public AssetId Asset0 { get; }

        public AssetId Asset1 { get; }

        public PoolLeaf Pool => Bank.State.Read(FinanceLeaves.Pools, PoolLeaf.Address(Asset0, Asset1));

        public Amount Supply => Bank.Supply(Pool.Liquidity);

        public LiquidityAdded Add(Amount amount0, Amount amount1) =>
            (LiquidityAdded)Bank.Accept(Bank.Ask(Bank.Alice, new AddLiquidity(Asset0, Asset1, amount0, amount1, 0))).Events[^1];

        public LiquidityRemoved Remove(Amount liquidity) =>
            (LiquidityRemoved)Bank.Accept(Bank.Ask(Bank.Alice, new RemoveLiquidity(Asset0, Asset1, liquidity, 0, 0))).Events[^1];

        public Finance.Engine.Outcome Swap(Amount in0, Amount in1, Amount out0, Amount out1) =>
            Bank.Ask(Bank.Alice, new Swap(Asset0, Asset1, in0, in1, out0, out1));

        public void AssertReserves(JsonElement expected)
        {
            Assert.Equal(Number(expected, "reserve0After").Units, Pool.Reserve0);
            Assert.Equal(Number(expected, "reserve1After").Units, Pool.Reserve1);
            Assert.Equal(Pool.Reserve0, Pool.Balance0);
            Assert.Equal(Pool.Reserve1, Pool.Balance1);
        }
    }
}
