/**
 * Where a caller is, by the number: the zone of a Russian area code, or of a
 * country that has one. Mobile numbers of Russia name no place, and several
 * zones of a country no time: then nothing is said rather than something wrong.
 */

/** Area codes by the zone that all of their area has. */
const AREAS: Record<string, string> = {
  "Europe/Kaliningrad": "401",
  "Europe/Moscow":
    "471 472 473 474 475 481 482 483 484 485 486 487 491 492 493 494 495 496 498 499 811 812 813 814 815 816 817 818 820 821 831 833 834 835 836 841 843 847 855 861 862 863 865 866 867 871 872 873 877 878 879",
  "Europe/Simferopol": "365 869",
  "Europe/Volgograd": "844",
  "Europe/Astrakhan": "851",
  "Europe/Saratov": "845",
  "Europe/Ulyanovsk": "842",
  "Europe/Samara": "341 846 848",
  "Asia/Yekaterinburg": "342 343 345 346 347 349 351 352 353",
  "Asia/Omsk": "381",
  "Asia/Novosibirsk": "383",
  "Asia/Tomsk": "382",
  "Asia/Barnaul": "385 388",
  "Asia/Novokuznetsk": "384",
  "Asia/Krasnoyarsk": "390 391 394",
  "Asia/Irkutsk": "301 395",
  "Asia/Chita": "302",
  // Yakutia has three zones; this is its capital.
  "Asia/Yakutsk": "4112 416",
  "Asia/Vladivostok": "421 423 426",
  "Asia/Sakhalin": "424",
  "Asia/Magadan": "413",
  "Asia/Kamchatka": "415",
  "Asia/Anadyr": "427",
};

/** Country codes by the country's one zone. */
const COUNTRIES: Record<string, string> = {
  "20": "Africa/Cairo",
  "30": "Europe/Athens",
  "31": "Europe/Amsterdam",
  "32": "Europe/Brussels",
  "33": "Europe/Paris",
  "353": "Europe/Dublin",
  "358": "Europe/Helsinki",
  "359": "Europe/Sofia",
  "36": "Europe/Budapest",
  "370": "Europe/Vilnius",
  "371": "Europe/Riga",
  "372": "Europe/Tallinn",
  "373": "Europe/Chisinau",
  "374": "Asia/Yerevan",
  "375": "Europe/Minsk",
  "380": "Europe/Kyiv",
  "381": "Europe/Belgrade",
  "385": "Europe/Zagreb",
  "386": "Europe/Ljubljana",
  "39": "Europe/Rome",
  "40": "Europe/Bucharest",
  "41": "Europe/Zurich",
  "420": "Europe/Prague",
  "421": "Europe/Bratislava",
  "43": "Europe/Vienna",
  "44": "Europe/London",
  "45": "Europe/Copenhagen",
  "46": "Europe/Stockholm",
  "47": "Europe/Oslo",
  "48": "Europe/Warsaw",
  "49": "Europe/Berlin",
  "65": "Asia/Singapore",
  "66": "Asia/Bangkok",
  "81": "Asia/Tokyo",
  "82": "Asia/Seoul",
  "84": "Asia/Ho_Chi_Minh",
  "86": "Asia/Shanghai",
  "90": "Europe/Istanbul",
  "91": "Asia/Kolkata",
  "971": "Asia/Dubai",
  "972": "Asia/Jerusalem",
  "992": "Asia/Dushanbe",
  "993": "Asia/Ashgabat",
  "994": "Asia/Baku",
  "995": "Asia/Tbilisi",
  "996": "Asia/Bishkek",
  "998": "Asia/Tashkent",
};

const zoneOfArea = new Map(
  Object.entries(AREAS).flatMap(([zone, codes]) => codes.split(" ").map((code) => [code, zone] as const)),
);

/** The zone of a number in E.164; none where the number does not tell. */
export function zoneOf(number: string): string | null {
  if (/^\+7\d{10}$/.test(number)) {
    // Kazakhstan shares the code, and has one zone since 2024.
    if (/^\+7[67]/.test(number)) return "Asia/Almaty";
    return zoneOfArea.get(number.slice(2, 6)) ?? zoneOfArea.get(number.slice(2, 5)) ?? null;
  }
  if (!/^\+[2-9]\d{7,14}$/.test(number)) return null;
  return COUNTRIES[number.slice(1, 3)] ?? COUNTRIES[number.slice(1, 4)] ?? null;
}
