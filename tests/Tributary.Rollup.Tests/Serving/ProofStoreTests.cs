using System.Security.Cryptography;
using Tributary.Primitives.Bytes;
using Tributary.Rollup.Serving;
using Tributary.Testing.Storage;

namespace Tributary.Rollup.Tests.Serving;

public sealed class ProofStoreTests
{
    private static Bytes32 Claim(int number) => new(SHA256.HashData([(byte)number, (byte)(number >> 8)]));

    private static byte[] Proof(int number) => [.. Enumerable.Range(0, 5_000 + number).Select(i => (byte)(i * number))];

    [Fact]
    public async Task Proof_that_was_put_is_found_and_listed_again()
    {
        var disk = new SimulatedDisk(1);
        using (var store = ProofStore.Open(disk.Folder()).Value)
        {
            for (var i = 1; i < 20; i++)
                store.Put(Claim(i), Proof(i));
            store.Put(Claim(3), Proof(4));
        }

        using var again = ProofStore.Open(disk.Folder()).Value;
        Assert.Equal(19, again.Count);
        Assert.Equal(Proof(3), again.Find(Claim(3)));
        Assert.Null(again.Find(Claim(20)));
        Assert.Equal(Proof(7), (await again.FindAsync(Claim(7), TestContext.Current.CancellationToken)).Value.ToArray());
        Assert.True((await again.FindAsync(Claim(21), TestContext.Current.CancellationToken)).Value.IsEmpty);

        var listed = new List<Bytes32>();
        while (again.List(listed.Count == 0 ? null : listed[^1], 6) is { Count: > 0 } page)
            listed.AddRange(page);
        Assert.Equal(Enumerable.Range(1, 19).Select(Claim).Order(), listed);
        again.Remove(Claim(3));
        Assert.Null(again.Find(Claim(3)));
        again.Put(Claim(3), Proof(3));
        Assert.Equal(Proof(3), again.Find(Claim(3)));
    }

    [Fact]
    public void Folder_has_one_owner()
    {
        var disk = new SimulatedDisk(1);
        using var store = ProofStore.Open(disk.Folder()).Value;
        Assert.Equal("proofs", ProofStore.Open(disk.Folder()).Error.Field);
    }

    [Fact]
    public void Proof_is_whole_or_not_there_wherever_the_power_fails()
    {
        var lost = 0;
        for (var operations = 1; operations < 12; operations++)
        {
            var disk = new SimulatedDisk((ulong)operations);
            var isKept = false;
            using (var store = ProofStore.Open(disk.Folder()).Value)
                store.Put(Claim(1), Proof(1));
            disk.FailPowerAfter(operations);
            try
            {
                using var store = ProofStore.Open(disk.Folder()).Value;
                store.Put(Claim(2), Proof(2));
                isKept = true;
            }
            catch (Exception exception) when (exception is IOException or InvalidOperationException)
            {
                Assert.True(disk.IsDown, exception.ToString());
                lost++;
            }

            disk.Restart();
            using var after = ProofStore.Open(disk.Folder()).Value;
            Assert.Equal(Proof(1), after.Find(Claim(1)));
            var found = after.Find(Claim(2));
            Assert.True(found is null ? !isKept : found.AsSpan().SequenceEqual(Proof(2)), $"after {operations} operations");
            after.Put(Claim(2), Proof(2));
            Assert.Equal(Proof(2), after.Find(Claim(2)));
        }

        Assert.InRange(lost, 3, 11);
    }
}
