// @ts-check
/** The few sentences that scripts say themselves; everything else comes from the server. */

const english = document.documentElement.lang === "en";

export const offline = english
  ? "No connection. Check the network and try again; nothing that you entered is lost."
  : "网络连接失败，请检查网络后重试，已填写的内容不会丢失。";
export const cancel = english ? "Cancel" : "取消";
export const proceed = english ? "Confirm" : "确定";
export const copied = english ? "Copied" : "已复制";
export const onlyFirst = english ? "One file at a time: the first was taken." : "一次上传一个文件，已选用第一个。";

/** @param {number} seconds */
export const resendIn = (seconds) => (english ? `Again in ${seconds} s` : `${seconds} 秒后重发`);

export const keyUnsupported = english
  ? "This browser or address does not support security keys. Use the latest Chrome, Edge or Firefox at the platform's own address, or an SMS code."
  : "当前浏览器或访问地址不支持安全密钥，请用最新版 Chrome、Edge 或 Firefox 通过平台域名访问，或改用验证码。";
export const keyNotDone = english
  ? "The security key was not used: cancelled, timed out, not one of this account, or without a PIN. Plug it in and try again."
  : "没有完成安全密钥验证：可能已取消、超时，不是本账号的密钥，或还没有设置 PIN。请插好密钥后重试。";
export const keyKnown = english ? "This security key was added already." : "这个安全密钥已经添加过，请换一个。";
