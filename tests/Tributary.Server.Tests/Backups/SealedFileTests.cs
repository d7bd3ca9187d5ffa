using Tributary.Crypto;
using Tributary.Server.Backups;

namespace Tributary.Server.Tests.Backups;

public sealed class SealedFileTests
{
    private const string Passphrase = "four words are enough";

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(SealedWriter.PartBytes - 1)]
    [InlineData(SealedWriter.PartBytes)]
    [InlineData(SealedWriter.PartBytes + 1)]
    [InlineData((3 * SealedWriter.PartBytes) + 17)]
    public void What_was_sealed_is_read_back(int length)
    {
        var content = Content(length);
        Assert.Equal(content, Open(Seal(content), Passphrase));
    }

    [Fact]
    public void Another_passphrase_opens_nothing()
    {
        var refused = SealedReader.Open(new MemoryStream(Seal(Content(10))), "four words are enougH").Error;
        Assert.Contains("passphrase", refused.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(1000)]
    [InlineData(sizeof(int) + SealedWriter.PartBytes + 3)]
    [InlineData(sizeof(int) + SealedWriter.PartBytes + SealedWriter.TagBytes + 1)]
    [InlineData((2 * (sizeof(int) + SealedWriter.TagBytes)) + SealedWriter.PartBytes + 99)]
    public void A_change_anywhere_is_found(int place)
    {
        // Behind the box with the key, which has tests of its own: lengths, content and tags of both parts.
        var file = Seal(Content(SealedWriter.PartBytes + 100));
        var head = file.Length - SealedWriter.PartBytes - 100 - (2 * (sizeof(int) + SealedWriter.TagBytes));
        file[head + place] ^= 0x40;
        Assert.Throws<InvalidDataException>(() => Open(file, Passphrase));
    }

    [Fact]
    public void A_file_that_is_cut_off_is_refused_even_between_two_parts()
    {
        var file = Seal(Content(2 * SealedWriter.PartBytes));
        var last = sizeof(int) + SealedWriter.PartBytes + SealedWriter.TagBytes;
        foreach (var left in new[] { file.Length - 1, file.Length - last, file.Length - (2 * last), 20, 3, 0 })
        {
            var opened = SealedReader.Open(new MemoryStream(file[..left]), Passphrase);
            if (opened.TryGet(out var reader))
                Assert.Throws<InvalidDataException>(() => reader.CopyTo(Stream.Null));
        }
    }

    [Fact]
    public void Parts_that_change_places_are_refused()
    {
        var file = Seal(Content(3 * SealedWriter.PartBytes));
        var part = sizeof(int) + SealedWriter.PartBytes + SealedWriter.TagBytes;
        var head = file.Length - (3 * part);
        byte[] swapped = [.. file[..head], .. file[(head + part)..(head + (2 * part))], .. file[head..(head + part)], .. file[(head + (2 * part))..]];
        Assert.Throws<InvalidDataException>(() => Open(swapped, Passphrase));
    }

    private static byte[] Content(int length)
    {
        var content = new byte[length];
        for (var i = 0; i < length; i++)
            content[i] = (byte)((i * 31) ^ (i >> 8));
        return content;
    }

    private static byte[] Seal(byte[] content)
    {
        using var target = new MemoryStream();
        using (var writer = SealedWriter.Create(target, Passphrase, SystemEntropy.Instance).Value)
        {
            foreach (var part in content.Chunk(70_001))
                writer.Write(part);
            writer.Complete();
        }

        return target.ToArray();
    }

    private static byte[] Open(byte[] file, string passphrase)
    {
        using var reader = SealedReader.Open(new MemoryStream(file), passphrase).Value;
        using var target = new MemoryStream();
        reader.CopyTo(target);
        return target.ToArray();
    }
}
