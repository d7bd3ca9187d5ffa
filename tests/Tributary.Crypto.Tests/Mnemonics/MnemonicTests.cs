using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Tributary.Testing;

namespace Tributary.Crypto.Tests.Mnemonics;

public sealed class MnemonicTests
{
    [Fact]
    public void The_word_list_is_the_one_of_BIP_39()
    {
        var list = new StringBuilder();
        for (var i = 0; i < EnglishWords.Count; i++)
        {
            list.Append(Encoding.ASCII.GetString(EnglishWords.Word(i))).Append('\n');
            Assert.Equal(i, EnglishWords.IndexOf(EnglishWords.Word(i)));
        }

        // SHA-256 of english.txt in bitcoin/bips.
        Assert.Equal(
            "2f5eed53a4727b4bf8880d8f3f199efc90e58503646d9ff8eff3a2ed3b24dbda",
            Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(list.ToString()))));
        Assert.Equal(-1, EnglishWords.IndexOf("abandonn"u8));
        Assert.Equal(-1, EnglishWords.IndexOf("zzz"u8));
        Assert.Equal(-1, EnglishWords.IndexOf([]));
    }

    [Fact]
    public void Trezors_vectors_go_from_entropy_to_master_key_and_back()
    {
        foreach (var (entropyHex, sentence, seedHex, masterText) in Bip39Vectors.English)
        {
            using var mnemonic = Mnemonic.FromEntropy(Convert.FromHexString(entropyHex)).Value;
            Assert.Equal(sentence, mnemonic.Reveal());
            Assert.Equal(sentence.Split(' ').Length, mnemonic.WordCount);
            using var seed = mnemonic.DeriveSeed(Bip39Vectors.Passphrase);
            Assert.Equal(seedHex, Convert.ToHexStringLower(seed.Span));
            using var master = ExtendedPrivateKey.FromSeed(seed, ExtendedKeyNetwork.Mainnet).Value;
            Assert.Equal(masterText, master.Reveal());

            using var read = Mnemonic.Parse(sentence).Value;
            Assert.True(read.ConstantTimeEquals(mnemonic));
            var entropy = new byte[32];
            Assert.Equal(entropyHex, Convert.ToHexStringLower(entropy.AsSpan(0, read.WriteEntropy(entropy))));
        }
    }

    [Fact]
    public void Sentences_and_passphrases_are_normalized()
    {
        foreach (var (sentence, seedHex) in Bip39Vectors.OtherLanguages)
            Assert.Equal(seedHex, Seed(sentence, Bip39Vectors.Passphrase));
        foreach (var (sentence, seedHex) in Bip39Vectors.Japanese)
            Assert.Equal(seedHex, Seed(sentence, Bip39Vectors.JapanesePassphrase));

        using var mnemonic = Mnemonic.Parse(Bip39Vectors.English[0].Sentence).Value;
        using var composed = mnemonic.DeriveSeed("caf\u00e9");
        using var decomposed = mnemonic.DeriveSeed("cafe\u0301");
        using var plain = mnemonic.DeriveSeed("cafe");
        Assert.True(composed.ConstantTimeEquals(decomposed));
        Assert.False(composed.ConstantTimeEquals(plain));

        static string Seed(string sentence, string passphrase)
        {
            using var words = Nfkd.ToUtf8(sentence);
            using var seed = Mnemonic.DeriveSeed(words.Span, passphrase);
            return Convert.ToHexStringLower(seed.Span);
        }
    }

    [Fact]
    public void Fresh_sentences_read_back_in_any_case_and_spacing() =>
        Check.QuickThrowOnFailure(Prop.ForAll((ulong seed, byte size) =>
        {
            using var mnemonic = Mnemonic.Generate(new SeededEntropy(seed), 12 + (3 * (size % 5)));
            var sentence = mnemonic.Reveal();
            using var read = Mnemonic.Parse("\r\n " + sentence.ToUpperInvariant().Replace(" ", "\u3000\t ", StringComparison.Ordinal) + " \n").Value;
            return read.ConstantTimeEquals(mnemonic) && read.WordCount == 12 + (3 * (size % 5));
        }));

    [Theory]
    [InlineData("", "0 words")]
    [InlineData("abandon", "1 words")]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon", "11 words")]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon", "checksum")]
    [InlineData("abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abut", "word 12")]
    [InlineData("abandon abandon secretword abandon abandon abandon abandon abandon abandon abandon abandon about", "word 3")]
    [InlineData("ábandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about", "word 1")]
    [InlineData("abandon,abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about", "11 words")]
    public void A_refusal_says_what_is_wrong_and_never_a_word(string sentence, string reason)
    {
        var error = Mnemonic.Parse(sentence).Error;
        Assert.Contains(reason, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("abandon", error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("secretword", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Other_sizes_are_refused()
    {
        foreach (var length in new[] { 0, 4, 15, 17, 33, 64 })
            Assert.Equal("entropy", Mnemonic.FromEntropy(new byte[length]).Error.Field);
        Assert.Throws<ArgumentOutOfRangeException>(() => Mnemonic.Generate(SystemEntropy.Instance, 13));
        Assert.False(Mnemonic.Parse(new string(' ', 1025)).IsOk);
        Assert.Contains("27 words", Mnemonic.Parse(string.Join(' ', Enumerable.Repeat("zoo", 27))).Error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_disposed_sentence_is_unusable()
    {
        var mnemonic = Mnemonic.Generate(new SeededEntropy(1));
        mnemonic.Dispose();
        Assert.Throws<ObjectDisposedException>(() => mnemonic.Reveal());
        Assert.Throws<ObjectDisposedException>(() => mnemonic.DeriveSeed(""));
        Assert.Throws<ObjectDisposedException>(() => mnemonic.WordCount);
    }

    [Fact]
    public void Any_text_is_read_or_refused() =>
        Fuzz.RunText(
            [.. Bip39Vectors.English.Select(row => row.Sentence), .. Bip39Vectors.Japanese.Select(row => row.Sentence)],
            static text =>
            {
                if (Mnemonic.Parse(text).TryGet(out var mnemonic))
                    mnemonic.Dispose();
            },
            // Normalization takes four bytes for each of up to eighteen code points that one character becomes.
            limits: new FuzzLimits(BytesPerInputByte: 80, Bytes: 4096));
}
