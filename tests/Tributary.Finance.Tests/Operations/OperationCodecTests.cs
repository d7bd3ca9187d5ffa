using Tributary.Finance.Amounts;
using Tributary.Finance.Engine;
using Tributary.Finance.Operations;
using Tributary.Finance.Tests.Properties;
using Tributary.Finance.Transfers;
using Tributary.Testing;

namespace Tributary.Finance.Tests.Operations;

public sealed class OperationCodecTests
{
    private static List<OperationRequest> Requests()
    {
        var engine = new FinanceEngine(ModuleTable.All, FinanceEngine.Genesis(ModuleTable.All, Bank.Root(1), Bank.Key));
        var generator = new OperationGenerator(engine.State, 5);
        var requests = new List<OperationRequest>();
        for (var i = 0; i < 20_000; i++)
        {
            var (context, request) = generator.Next();
            if (engine.Apply(context, request).IsAccepted)
                requests.Add(request);
        }

        return requests;
    }

    [Fact]
    public void Every_operation_reads_back_as_it_was()
    {
        var requests = Requests();
        Assert.Equal(ModuleTable.All.Operations.Count(), requests.Select(static request => request.Operation.Code).Distinct().Count());
        foreach (var request in requests)
        {
            var bytes = OperationCodec.Write(request);
            var read = OperationCodec.Read(ModuleTable.All, bytes);
            Assert.True(read.IsOk, read.ToString());
            Assert.Equal(request, read.Value);
            Assert.Equal(request.GetHashCode(), read.Value.GetHashCode());
            Assert.False(OperationCodec.Read(ModuleTable.All, [.. bytes, 0]).IsOk);
            Assert.False(OperationCodec.Read(ModuleTable.All, bytes.AsSpan(..^1)).IsOk);
        }
    }

    [Fact]
    public void What_is_read_has_no_other_encoding()
    {
        var corpus = Requests().GroupBy(static request => request.Operation.Code).SelectMany(static group => group.Take(3)).Select(static request => OperationCodec.Write(request)).ToArray();
        Fuzz.Run(corpus, static input =>
        {
            if (OperationCodec.Read(ModuleTable.All, input).TryGet(out var request))
                Assert.True(input.SequenceEqual(OperationCodec.Write(request)));
        }, iterations: 20_000);
    }

    [Fact]
    public void The_longest_operation_fits_and_the_faults_are_named()
    {
        var payments = Enumerable.Range(1, TransferMany.MaxPayments).Select(static i => new Payment(new AccountId((uint)i), Amount.MaxValue)).ToArray();
        var most = new OperationRequest(new TransferMany(new AssetId(1), payments), new Authorisation(Bank.Alice, 0, Amount.MaxValue, 0));
        var bytes = OperationCodec.Write(most);
        Assert.InRange(bytes.Length, 1, OperationCodec.MaxLength);
        Assert.Equal(most, OperationCodec.Read(ModuleTable.All, bytes).Value);

        Assert.Equal("length", Field(new byte[OperationCodec.MaxLength + 1]));
        Assert.Equal("version", Field([2, 1, 3, 0]));
        Assert.Equal("version", Field([]));
        Assert.Equal("operation", Field([1, 0xff, 0xff, 0]));
        Assert.Equal("authorisation", Field([1, 1, 3, 2]));
        Assert.Equal("authorisation", Field([1, 1, 3, 1, 9]));
        Assert.Equal("operation", Field([1, 1, 3, 0, 9]));
        Assert.Equal("end", Field([1, 7, 5, 0, .. new byte[9]]));

        static string Field(byte[] bytes) => OperationCodec.Read(ModuleTable.All, bytes).Error.Field;
    }
}
