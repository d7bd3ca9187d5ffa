using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Tributary.Payments.Access;

namespace Tributary.Server.Team;

/// <summary>Seals the keys that protect cookies and forms, which lie in files.</summary>
internal sealed class SealedXmlEncryptor(SecretBox box) : IXmlEncryptor
{
    internal const string Purpose = "data protection";

    public EncryptedXmlInfo Encrypt(XElement plaintextElement) =>
        new(new XElement("sealed", Convert.ToBase64String(box.Seal(plaintextElement.ToString(SaveOptions.DisableFormatting), Purpose))), typeof(SealedXmlDecryptor));
}
