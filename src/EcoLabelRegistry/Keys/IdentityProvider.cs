using EcoLabelRegistry.Changes;
using EcoLabelRegistry.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace EcoLabelRegistry.Keys;

/// <summary>Takes the bearer tokens of an OpenID Connect provider, when one is configured: a claim names the label body.</summary>
/// <remarks>
/// Signature, issuer, audience and time are proven by the library; the provider's keys are read from its own address and read anew when a token names
/// one that is not known yet, so that a rotation needs no restart. The registrar writes with his key alone.
/// </remarks>
public sealed class IdentityProvider
{
    // Whoever sends tokens with made-up key ids must not make the registry ask the provider without end.
    private static readonly TimeSpan LeastBetweenReads = TimeSpan.FromSeconds(2);

    // A token is signed with a private key; one "signed" with a public key as if it were a shared secret is refused by this list.
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
    ];

    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };
    private readonly OidcOptions _settings;
    private readonly ConfigurationManager<OpenIdConnectConfiguration>? _provider;

    public IdentityProvider(RegistryOptions settings)
    {
        _settings = settings.Oidc;
        if (_settings.Authority is { } authority)
        {
            _provider = new(
                $"{authority.AbsoluteUri.TrimEnd('/')}/.well-known/openid-configuration",
                new OpenIdConnectConfigurationRetriever(),
                new HttpDocumentRetriever { RequireHttps = !authority.IsLoopback })
            {
                RefreshInterval = LeastBetweenReads,
            };
        }
    }

    /// <summary>The label body that a token speaks for; null when it is no valid token, or names none.</summary>
    /// <exception cref="RefusalException">The provider cannot be reached, and nothing is known of it yet (503).</exception>
    public async Task<Caller?> FindAsync(string token, CancellationToken cancel)
    {
        if (_provider is null || !_tokens.CanReadToken(token))
        {
            return null;
        }

        var result = await ValidateAsync(token, cancel);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            _provider.RequestRefresh();
            result = await ValidateAsync(token, cancel);
        }

        return result.IsValid && result.ClaimsIdentity.FindFirst(_settings.Claim)?.Value is { Length: > 0 } body
            ? new Caller(Actor.OfBody(body) with { KeyIssuedBy = result.Issuer })
            : null;
    }

    private async Task<TokenValidationResult> ValidateAsync(string token, CancellationToken cancel)
    {
        OpenIdConnectConfiguration provider;
        try
        {
            provider = await _provider!.GetConfigurationAsync(cancel);
        }
        catch (InvalidOperationException unreachable)
        {
            throw new RefusalException(ProblemCode.Unavailable, new Message("refusal.provider-unavailable"), unreachable) { RetryAfter = LeastBetweenReads };
        }

        return await _tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = provider.Issuer,
            ValidAudience = _settings.Audience,
            IssuerSigningKeys = provider.SigningKeys,
            ValidAlgorithms = Algorithms,
            ClockSkew = TimeSpan.FromMinutes(1),
        });
    }
}
