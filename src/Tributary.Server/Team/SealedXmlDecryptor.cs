using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;
using Tributary.Payments.Access;

namespace Tributary.Server.Team;

/// <summary>Opens what <see cref="SealedXmlEncryptor"/> sealed; named in the files, so it keeps its name.</summary>
internal sealed class SealedXmlDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(services.GetRequiredService<SecretBox>().Open(Convert.FromBase64String(encryptedElement.Value), SealedXmlEncryptor.Purpose));
}
