/** Nationalities by ISO 3166-1 alpha-3, as the machine-readable lines of passports write them; most frequent first. */

const NAMES = `KOR 韩国 Korea (South)|JPN 日本 Japan|USA 美国 United States|GBR 英国 United Kingdom|DEU 德国 Germany|FRA 法国 France|RUS 俄罗斯 Russia|CAN 加拿大 Canada|AUS 澳大利亚 Australia|IND 印度 India|PAK 巴基斯坦 Pakistan|VNM 越南 Vietnam|THA 泰国 Thailand|MYS 马来西亚 Malaysia|SGP 新加坡 Singapore|IDN 印度尼西亚 Indonesia|PHL 菲律宾 Philippines|MMR 缅甸 Myanmar|LAO 老挝 Laos|KHM 柬埔寨 Cambodia|NPL 尼泊尔 Nepal|BGD 孟加拉国 Bangladesh|LKA 斯里兰卡 Sri Lanka|MNG 蒙古 Mongolia|PRK 朝鲜 Korea (North)|KAZ 哈萨克斯坦 Kazakhstan|KGZ 吉尔吉斯斯坦 Kyrgyzstan|TJK 塔吉克斯坦 Tajikistan|UZB 乌兹别克斯坦 Uzbekistan|TKM 土库曼斯坦 Turkmenistan|UKR 乌克兰 Ukraine|BLR 白俄罗斯 Belarus|POL 波兰 Poland|ITA 意大利 Italy|ESP 西班牙 Spain|PRT 葡萄牙 Portugal|NLD 荷兰 Netherlands|BEL 比利时 Belgium|CHE 瑞士 Switzerland|AUT 奥地利 Austria|SWE 瑞典 Sweden|NOR 挪威 Norway|DNK 丹麦 Denmark|FIN 芬兰 Finland|IRL 爱尔兰 Ireland|CZE 捷克 Czechia|HUN 匈牙利 Hungary|ROU 罗马尼亚 Romania|SRB 塞尔维亚 Serbia|GRC 希腊 Greece|TUR 土耳其 Türkiye|ISR 以色列 Israel|IRN 伊朗 Iran|SAU 沙特阿拉伯 Saudi Arabia|ARE 阿联酋 United Arab Emirates|EGY 埃及 Egypt|NGA 尼日利亚 Nigeria|ETH 埃塞俄比亚 Ethiopia|KEN 肯尼亚 Kenya|ZAF 南非 South Africa|BRA 巴西 Brazil|ARG 阿根廷 Argentina|MEX 墨西哥 Mexico|NZL 新西兰 New Zealand`

export interface Country { code: string; zh: string; en: string }

export const COUNTRIES: Country[] = NAMES.split('|').map((line) => {
  const [code = '', zh = '', ...en] = line.split(' ')
  return { code, zh, en: en.join(' ') }
})

/** Is this the code itself, as for a country that isn't listed? */
export const isCountryCode = (text: string): boolean => /^[A-Z]{3}$/.test(text.trim().toUpperCase())
